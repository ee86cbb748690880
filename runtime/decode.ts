import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** The bytes a body was before it was compressed, or why they cannot be told. */
export type Decoded = { ok: true; bytes: Buffer } | { ok: false; reason: string };

/**
 * Bytes. What has more could not be stored as data anyway: MongoDB's documents end at 16 MiB. zlib stops there, so a
 * bomb costs as much time and memory as this many honest bytes.
 */
export const MAX_DECODED = 16 * 1024 * 1024;
/** "gzip, br" is two. Each costs a pass, and nobody compresses three times in earnest. */
const MAX_STEPS = 3;

const limits = { maxOutputLength: MAX_DECODED };

/** https://www.rfc-editor.org/rfc/rfc9110#name-content-codings; x-gzip is gzip. */
const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gunzipSync(bytes, limits),
  "x-gzip": (bytes) => gunzipSync(bytes, limits),
  br: (bytes) => brotliDecompressSync(bytes, limits),
  deflate: (bytes) => (hasZlibHeader(bytes) ? inflateSync(bytes, limits) : inflateRawSync(bytes, limits)),
};

/**
 * Undoes a `content-encoding`, whose last word was applied last. Never throws.
 * @param encoding the header's value: "gzip", "gzip, br"
 */
export function decodeBody(encoding: string, raw: Buffer): Decoded {
  const words = encoding.split(",").map((word) => word.trim().toLowerCase());
  const steps = words.filter((word) => word !== "" && word !== "identity").reverse();
  if (steps.length > MAX_STEPS) return { ok: false, reason: `it is encoded more than ${MAX_STEPS} times` };
  let bytes = raw;
  for (const step of steps) {
    const decode = Object.hasOwn(DECODERS, step) ? DECODERS[step]! : undefined;
    if (!decode)
      return { ok: false, reason: `its content encoding ${JSON.stringify(step.slice(0, 40))} is not known` };
    try {
      bytes = decode(bytes);
    } catch (error) {
      return { ok: false, reason: reasonOf(step, error as NodeJS.ErrnoException) };
    }
  }
  return { ok: true, bytes };
}

function reasonOf(step: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ERR_BUFFER_TOO_LARGE") return `decoded, it has more than ${MAX_DECODED / 1024 / 1024} MiB`;
  return `it is not ${step}: ${message}`;
}

/** RFC 1950. Some senders say deflate and send it without this header. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
