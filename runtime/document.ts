import { BSON } from "mongodb";
import { parseBody } from "./body";
import { identityOf } from "./identity";
import type { MessageMeta } from "./message";
import type { Verified } from "./verify/verify";

/** A document of `nami.events`. */
export interface EventDocument {
  /** `<name>:<delivery id>`; `<that>~<hash>` for a conflict. */
  _id: string;
  name: string;
  /** The gateway's id of the request that brought it. */
  requestId: string;
  receivedAt: Date;
  storedAt: Date;
  request: MessageMeta["request"];
  contentType: string | null;
  /** The exact bytes; BSON Binary in the store. */
  raw: Buffer;
  /** Absent when the bytes are not data that BSON keeps exactly. */
  body?: unknown;
  /** Why there is no body. */
  bodyError?: string;
  verified: Verified;
  /** How often the queue had delivered the message when it was stored; 1 is the first time. */
  attempts: number;
  /** How often the sender sent the same bytes under the same id again. */
  duplicates: number;
  lastDuplicateAt?: Date;
  /** Internal: so that a redelivered duplicate is counted once. The request ids of the last ones. */
  countedRequestIds?: string[];
  /** Internal: of which topic, event, subscription and account it is; see identity.ts. Absent where nothing says so. */
  identity?: string;
  /** Another event had this id with other bytes, or of another topic, event, subscription or account. */
  conflict?: true;
  /** Readiness probes only. */
  probe?: true;
  /** In `nami.dead_letters` only. */
  reason?: string;
  deadLetteredAt?: Date;
}

/** MongoDB's 16 MiB less room for what a conflict, a dead letter and the server add. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024 - 64 * 1024;
/** `[0,0,…` grows most: two bytes of JSON become at most 12 of BSON (type, index as text, NUL, int32). */
const BSON_GROWTH = 8;

/** Queue message → document. `now` in milliseconds since the epoch. */
export function eventDocument(
  meta: MessageMeta,
  raw: Buffer,
  at: { now: number; attempts: number },
): EventDocument {
  const document: EventDocument = {
    _id: `${meta.name}:${meta.id}`,
    name: meta.name,
    requestId: meta.requestId,
    receivedAt: new Date(meta.receivedAt),
    storedAt: new Date(at.now),
    request: meta.request,
    contentType: meta.contentType,
    raw,
    verified: meta.verified,
    attempts: at.attempts,
    duplicates: 0,
  };
  const identity = identityOf(meta.request.headers);
  if (identity !== undefined) document.identity = identity;
  const encoding = meta.request.headers["content-encoding"];
  const body = parseBody(meta.contentType, raw, encoding);
  if (!body) return document;
  if (!body.ok) return { ...document, bodyError: body.reason };
  const whole = { ...document, body: body.value };
  return (encoding || mayBeTooLarge(raw)) && tooLarge(whole)
    ? { ...document, bodyError: "with it the document would pass 16 MiB" }
    : whole;
}

/** What a readiness probe leaves in the store. */
export function probeDocument(
  meta: MessageMeta,
  nonce: string,
  at: { now: number; attempts: number },
): EventDocument {
  return {
    ...eventDocument(meta, Buffer.alloc(0), at),
    _id: probeId(meta.name, nonce),
    probe: true,
  };
}

export function probeId(name: string, nonce: string): string {
  return `${name}:probe:${nonce}`;
}

/** The same event without its body: what is stored when the server refuses the body. */
export function withoutBody(document: EventDocument, bodyError: string): EventDocument {
  const { body: _, ...rest } = document;
  return { ...rest, bodyError };
}

/** The size of what is small anyway need not be worked out; compressed bytes do not tell it. */
function mayBeTooLarge(raw: Buffer): boolean {
  return raw.length * BSON_GROWTH >= MAX_DOCUMENT_BYTES / 2;
}

function tooLarge(document: EventDocument): boolean {
  return BSON.calculateObjectSize(document) > MAX_DOCUMENT_BYTES;
}
