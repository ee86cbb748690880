import { createHash } from "node:crypto";
import { encodeMessage, MAX_PARTS, type MessageFacts, MessageTooLarge, metaLine, queueText } from "./message";

/**
 * The message of an event, or where it is too large for one, the messages of its parts; each can be read by itself.
 * @param maxBytes UTF-8 bytes of one message
 * Throws MessageTooLarge when even its parts would be too large, or too many.
 */
export function encodeMessages(facts: MessageFacts, raw: Buffer, maxBytes: number): string[] {
  // Its text is at least as long as its bytes, so what is longer need not be tried.
  if (raw.length > maxBytes) return encodeParts(facts, raw, maxBytes);
  try {
    return [encodeMessage(facts, raw, maxBytes)];
  } catch (error) {
    if (!(error instanceof MessageTooLarge)) throw error;
    return encodeParts(facts, raw, maxBytes);
  }
}

function encodeParts(facts: MessageFacts, raw: Buffer, maxBytes: number): string[] {
  const sha256 = createHash("sha256").update(raw).digest("hex");
  const part = (number: number, of: number) => ({ number, of, bytes: raw.length, sha256 });
  const overhead = Buffer.byteLength(metaLine({ ...facts, part: part(MAX_PARTS, MAX_PARTS) }, "base64")) + 1;
  const isText = queueText(raw) !== undefined;
  const most = bytesOfPart(maxBytes - overhead, isText);
  const of = Math.ceil(raw.length / most);
  if (most <= 0 || of > MAX_PARTS) {
    throw new MessageTooLarge(overhead + (isText ? raw.length : Math.ceil(raw.length / 3) * 4), maxBytes);
  }
  // As large as each other: the last one small would let one batch complete many large events at a time.
  const cuts = Array.from({ length: of + 1 }, (_, i) => cut(raw, Math.floor((raw.length * i) / of), isText));
  return cuts.slice(1).map((end, i) => {
    return encodeMessage({ ...facts, part: part(i + 1, of) }, raw.subarray(cuts[i], end), maxBytes);
  });
}

/** How many bytes of the body fit into `room` characters of a message. */
function bytesOfPart(room: number, isText: boolean): number {
  return isText ? room - LONGEST : Math.floor(room / 4) * 3;
}

/** A cut goes back by at most so many bytes, which the part after it then has more. */
const LONGEST = 3;

/** Before the character that `at` is in, so that each part of a text is text. */
function cut(raw: Buffer, at: number, isText: boolean): number {
  let end = at;
  while (isText && end < raw.length && (raw[end]! & 0xc0) === 0x80) end--;
  return end;
}
