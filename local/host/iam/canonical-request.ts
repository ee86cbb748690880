import { hash } from "node:crypto";
import type { SignedHead } from "../services";

/**
 * The canonical request of Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(
  request: SignedHead,
  signedHeaders: string[],
  service: string,
  bodyHash: string,
): string {
  const mark = request.url.indexOf("?");
  const path = mark < 0 ? request.url : request.url.slice(0, mark);
  const query = mark < 0 ? "" : request.url.slice(mark + 1);
  const headers = signedHeaders.map((name) => `${name}:${trim(request.headers[name] ?? "")}\n`).join("");
  return [
    request.method.toUpperCase(),
    service === "s3" ? s3Path(path) : canonicalPath(path),
    canonicalQuery(query),
    headers,
    signedHeaders.join(";"),
    bodyHash,
  ].join("\n");
}

export function sha256(data: string | Buffer): string {
  return hash("sha256", data);
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Text that is no valid encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every service but S3 encodes the path, as it was sent, once more, after taking out "", "." and "..". */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(encode(segment));
  }
  const end = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${end}`;
}

/** S3 takes the path as it is, encoded once: a key may hold "//" or "..". */
function s3Path(path: string): string {
  return path
    .split("/")
    .map((segment) => encode(decode(segment)))
    .join("/");
}

/** Sorted by name, then value, by code point. */
function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [name, value].map((text) => encode(decode(text.replaceAll("+", " ")))) as [string, string];
    });
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function trim(value: string): string {
  return value.trim().replace(/ +/g, " ");
}
