import { TextDecoder } from "node:util";
import { decodeBody } from "./decode";
import { parseForm } from "./form";
import { checkStorable, type Parsed, parseJson } from "./json";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The body as data, when it is JSON or a form and can be kept unchanged; undefined for an empty one.
 * @param encoding the header `content-encoding`
 */
export function parseBody(contentType: string | null, raw: Buffer, encoding = ""): Parsed | undefined {
  if (raw.length === 0) return undefined;
  if (encoding === "") return parseDecoded(contentType, raw);
  const decoded = decodeBody(encoding, raw);
  if (decoded.ok) return parseDecoded(contentType, decoded.bytes);
  // A proxy that has decoded the body and left the header: what is JSON as it stands was not compressed.
  const asItIs = startsAsJson(raw) ? parseDecoded(contentType, raw) : undefined;
  return asItIs?.ok ? asItIs : decoded;
}

function parseDecoded(contentType: string | null, raw: Buffer): Parsed | undefined {
  if (raw.length === 0) return undefined;
  const type = (contentType ?? "").split(";")[0]!.trim().toLowerCase();
  const kind = kindOf(type);
  if (kind === "other" && !startsAsJson(raw)) {
    return { ok: false, reason: `${type || "a body without a content type"} is kept as raw bytes only` };
  }
  const text = textOf(raw);
  if (text === undefined) return { ok: false, reason: "it is not valid UTF-8" };
  // `curl -d '{…}'` calls its JSON a form, SNS calls it text/plain. A real form writes { and [ as %7B and %5B.
  if (kind === "json" || startsAsJson(raw)) return parseJson(text);
  return form(text);
}

function kindOf(type: string): "json" | "form" | "other" {
  if (type === "application/x-www-form-urlencoded") return "form";
  return /^(application|text)\/(json|[^/]+\+json)$/.test(type) ? "json" : "other";
}

/** Whether the first character that is not white space opens an object or an array. */
function startsAsJson(raw: Buffer): boolean {
  const first = raw.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b || first === 0x5b;
}

function textOf(raw: Buffer): string | undefined {
  try {
    return utf8.decode(raw);
  } catch {
    return undefined;
  }
}

/** A hundred bytes of memory each; a form that somebody fills in has a few. */
const MAX_FIELDS = 250_000;

function form(text: string): Parsed {
  let fields = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) fields++;
  if (fields > MAX_FIELDS) return { ok: false, reason: `it has more than ${MAX_FIELDS} fields` };
  try {
    return checkStorable(Object.fromEntries(parseForm(text)));
  } catch (error) {
    if (error instanceof URIError) return { ok: false, reason: "its percent-encoding is not valid UTF-8" };
    throw error;
  }
}
