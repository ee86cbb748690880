import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { AwsError } from "../aws-error";
import type { SignedHead, SignedRequest } from "../services";
import { canonicalRequest, sha256 } from "./canonical-request";

/** What the authorization header says. */
export interface Claim {
  accessKeyId: string;
  /** YYYYMMDD. */
  day: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  /** x-amz-date, YYYYMMDDTHHMMSSZ. */
  date: string;
}

/** Whose key it is. */
export interface Signer {
  claim: Claim;
  secretAccessKey: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
/** AWS's allowance for clocks that go wrong. */
const SKEW_MS = 15 * 60 * 1000;
/** Signing keys kept; a day has one for each key, region and service. */
const KEPT_KEYS = 1000;

/** Throws MissingAuthenticationToken, IncompleteSignature. */
export function readClaim({ headers }: SignedHead): Claim {
  const text = headers.authorization;
  if (!text) throw new AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403);
  const fields =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      text,
    );
  const [accessKeyId, day, region, service, end] = fields?.[1]?.split("/") ?? [];
  const date = headers["x-amz-date"] ?? basicDate(headers.date);
  if (!fields || !accessKeyId || !day || !region || !service || end !== "aws4_request" || !date) {
    throw new AwsError(
      "IncompleteSignature",
      `Authorization header is not a complete ${ALGORITHM} signature.`,
    );
  }
  return {
    accessKeyId,
    day,
    region,
    service,
    signedHeaders: fields[2]!.split(";"),
    signature: fields[3]!,
    date,
  };
}

/** The date header of a client that sends no x-amz-date. */
function basicDate(text: string | undefined): string | undefined {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? undefined : amzDate(date.getTime());
}

function amzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Checks signatures of Signature Version 4 in the authorization header. */
export class Signatures {
  private readonly keys = new Map<string, KeyObject>();

  /**
   * Whether the signature is right, told by the head alone; false: the head does not say what the body is.
   * Throws RequestExpired, SignatureDoesNotMatch, NotImplemented.
   */
  verifyHead(head: SignedHead, signer: Signer, now: number): boolean {
    checkDate(signer.claim, now);
    checkSignedHeaders(head, signer.claim);
    const stated = statedHash(head);
    if (stated === undefined) return false;
    this.check(head, signer, stated);
    return true;
  }

  /**
   * The rest, once the body is there.
   * Throws SignatureDoesNotMatch, and for S3's hash header XAmzContentSHA256Mismatch.
   */
  verifyBody(request: SignedRequest, signer: Signer, proven: boolean): void {
    const hash = bodyHash(request, signer.claim.service);
    if (!proven) this.check(request, signer, hash);
  }

  private check(head: SignedHead, { claim, secretAccessKey }: Signer, hash: string): void {
    const { date, day, region, service } = claim;
    const canonical = canonicalRequest(head, claim.signedHeaders, service, hash);
    const toSign = [ALGORITHM, date, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join(
      "\n",
    );
    const right = createHmac("sha256", this.signingKey(claim, secretAccessKey)).update(toSign).digest();
    if (!timingSafeEqual(right, Buffer.from(claim.signature, "hex"))) throw mismatch();
  }

  /** Four HMACs, made once a day for each key. */
  private signingKey({ accessKeyId, day, region, service }: Claim, secretAccessKey: string): KeyObject {
    const name = [accessKeyId, secretAccessKey, day, region, service].join("/");
    const known = this.keys.get(name);
    if (known) return known;
    let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [day, region, service, "aws4_request"])
      key = createHmac("sha256", key).update(part).digest();
    if (this.keys.size >= KEPT_KEYS) this.keys.clear();
    // Node hashes with a Buffer as the key eight times slower than with a key object.
    const made = createSecretKey(key);
    this.keys.set(name, made);
    return made;
  }
}

function checkDate({ date, day }: Claim, now: number): void {
  const fields = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.slice(1).map(Number);
  if (!fields)
    throw new AwsError("IncompleteSignature", `Date must be in ISO-8601 'basic format'. Got '${date}'.`);
  if (!date.startsWith(day))
    throw mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date}'.`,
    );
  const [year, month, dayOfMonth, hour, minute, second] = fields as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const signedAt = Date.UTC(year, month - 1, dayOfMonth, hour, minute, second);
  if (Math.abs(now - signedAt) <= SKEW_MS) return;
  const expired = signedAt < now;
  const bound = amzDate(expired ? now - SKEW_MS : now + SKEW_MS);
  const text = expired
    ? `Signature expired: ${date} is now earlier than ${bound}`
    : `Signature not yet current: ${date} is still later than ${bound}`;
  throw new AwsError("RequestExpired", `${text} (${amzDate(now)} ${expired ? "-" : "+"} 15 min.)`, 403);
}

/** Unsigned, they could be changed on the way: the host, and what selects the action and the key. */
function checkSignedHeaders({ headers }: SignedHead, { signedHeaders }: Claim): void {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const unsigned = needed.filter((name) => headers[name] !== undefined && !signedHeaders.includes(name));
  if (unsigned.length > 0) throw mismatch(`These headers must be signed: ${unsigned.join(", ")}.`);
  const sorted = [...signedHeaders].sort();
  if (sorted.join() !== signedHeaders.join()) throw mismatch("SignedHeaders must be sorted.");
}

/** What the head says of the body. Throws NotImplemented. */
function statedHash({ headers }: SignedHead): string | undefined {
  const stated = headers["x-amz-content-sha256"];
  if (!stated?.startsWith("STREAMING-")) return stated;
  throw new AwsError(
    "NotImplemented",
    `x-amz-content-sha256: ${stated} is not supported on the local target.`,
    501,
  );
}

/** S3 may leave the body out of the signature; everywhere else the hash is of what arrived. */
function bodyHash({ body, ...head }: SignedRequest, service: string): string {
  const stated = statedHash(head);
  if (stated === "UNSIGNED-PAYLOAD" && service === "s3") return stated;
  const computed = sha256(body);
  if (stated === undefined || stated === computed) return computed;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw service === "s3" ? new AwsError("XAmzContentSHA256Mismatch", message) : mismatch(message);
}

function mismatch(
  message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
): AwsError {
  return new AwsError("SignatureDoesNotMatch", message, 403);
}
