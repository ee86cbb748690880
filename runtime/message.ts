import { isUtf8 } from "node:buffer";
import type { RequestFacts } from "./event";
import type { Verified } from "./verify/verify";

/** The first line of a queue message; the raw body follows it. */
export interface MessageMeta {
  v: 1;
  /** Delivery id, without the deployment's name. */
  id: string;
  /** Under which an earlier version of Nami would have stored it; absent where it is the same. */
  formerId?: string;
  /** The gateway's request id: tells a redelivery by the queue from a sender's retry. */
  requestId: string;
  name: string;
  /** ISO 8601. */
  receivedAt: string;
  request: RequestFacts;
  contentType: string | null;
  encoding: "text" | "base64";
  verified: Verified;
  probe?: { nonce: string /** Milliseconds since the epoch. */; deadline: number };
  /** The body is one part of an event that is too large for one message. */
  part?: Part;
}

export interface Part {
  /** 1 … of. */
  number: number;
  of: number;
  /** Of the whole body. */
  bytes: number;
  /** Of the whole body, hex. */
  sha256: string;
}

/** Everything but what encoding decides. */
export type MessageFacts = Omit<MessageMeta, "v" | "encoding">;

/** What Lambda can be handed (6 MiB of JSON, base64 counted) makes at most 9 messages of 1 MiB. */
export const MAX_PARTS = 100;

/** The event does not fit into one queue message. */
export class MessageTooLarge extends Error {
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`The event makes a queue message of ${bytes} bytes; the limit is ${limit}.`);
    this.name = "MessageTooLarge";
  }
}

/** Outside #x9 #xA #xD #x20-#xD7FF #xE000-#xFFFD #x10000-#x10FFFF SQS refuses the message (SendMessage, MessageBody). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters SQS refuses
const REFUSED_BY_SQS = /[\x00-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]/;

/**
 * One line of JSON, a newline, the raw bytes: as text where the queue's character set allows it, else base64.
 * JSON inside JSON would escape every quote and take 900 KB past the limit.
 * Throws MessageTooLarge above `maxBytes` (UTF-8 bytes).
 */
export function encodeMessage(facts: MessageFacts, raw: Buffer, maxBytes: number): string {
  const text = queueText(raw);
  const encoding = text === undefined ? "base64" : "text";
  const message = `${metaLine(facts, encoding)}\n${text ?? raw.toString("base64")}`;
  const bytes = Buffer.byteLength(message);
  if (bytes > maxBytes) throw new MessageTooLarge(bytes, maxBytes);
  return message;
}

/** The bytes as text, or undefined when the queue refuses a character of it or it is no text. */
export function queueText(raw: Buffer): string | undefined {
  const text = isUtf8(raw) ? raw.toString("utf8") : undefined;
  return text !== undefined && !REFUSED_BY_SQS.test(text) ? text : undefined;
}

/** JSON.stringify escapes control characters and lone surrogates, but not these two. */
export function metaLine(facts: MessageFacts, encoding: MessageMeta["encoding"]): string {
  const meta: MessageMeta = { v: 1, ...facts, encoding };
  return JSON.stringify(meta).replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}

/** The inverse of encodeMessage. Throws an Error that says what is wrong with the text. */
export function decodeMessage(text: string): { meta: MessageMeta; raw: Buffer } {
  const end = text.indexOf("\n");
  if (end < 0) throw new Error("not a Nami message: it has no metadata line");
  const meta = parseMeta(text.slice(0, end));
  return { meta, raw: Buffer.from(text.slice(end + 1), meta.encoding === "base64" ? "base64" : "utf8") };
}

function parseMeta(line: string): MessageMeta {
  let meta: Partial<MessageMeta> | null;
  try {
    meta = JSON.parse(line);
  } catch {
    throw new Error("not a Nami message: its metadata line is not JSON");
  }
  if (meta?.v !== 1) throw new Error(`not a Nami message of version 1: it says ${JSON.stringify(meta?.v)}`);
  const missing = (["id", "requestId", "name"] as const).find(
    (key) => typeof meta[key] !== "string" || !meta[key],
  );
  if (missing) throw new Error(`the message has no ${missing}`);
  if (Number.isNaN(Date.parse(meta.receivedAt ?? ""))) throw new Error("the message has no receivedAt");
  if (meta.encoding !== "text" && meta.encoding !== "base64") throw new Error("the message has no encoding");
  if (meta.part && !isPart(meta.part)) throw new Error("the message does not say which part it is");
  return meta as MessageMeta;
}

function isPart({ number, of, bytes, sha256 }: Partial<Part>): boolean {
  const whole = [number, of, bytes].every(Number.isSafeInteger);
  return whole && number! >= 1 && number! <= of! && of! <= MAX_PARTS && /^[0-9a-f]{64}$/.test(sha256 ?? "");
}
