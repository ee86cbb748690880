/**
 * `nami.d.ts` of a folder that `nami create` makes: runtime/handlers.ts for somebody who has neither Nami nor mongodb
 * installed. A test holds the two to the same meaning.
 */
export const contract = `// What Nami gives your code, and what it takes of it. Made by \`nami create\`; types alone, nothing of it runs.

/** A Buffer; where Node's types are not installed, as much of it as is mostly used. */
export type Bytes = typeof globalThis extends { Buffer: { prototype: infer NodeBuffer } }
  ? NodeBuffer
  : Uint8Array & { toString(encoding?: "utf8" | "base64" | "hex"): string };

/** An AbortSignal; without Node's types and a browser's, as much of it as is mostly used. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Known } }
  ? Known
  : { readonly aborted: boolean; throwIfAborted(): void };

// @ts-ignore: full types where you install mongodb, for your editor alone: Nami brings its own along
type InstalledDb = import("mongodb").Db;
type IsAny<T> = 0 extends 1 & T ? true : false;
/** The database; without the package mongodb, as much of it as is mostly used. */
export type Db = IsAny<InstalledDb> extends true ? SmallDb : InstalledDb;

export interface SmallDb {
  collection(name: string): SmallCollection;
}

export interface SmallCollection {
  findOne(filter: object, options?: object): Promise<any>;
  find(filter?: object, options?: object): { toArray(): Promise<any[]> };
  countDocuments(filter?: object): Promise<number>;
  insertOne(document: object): Promise<{ insertedId: any }>;
  updateOne(filter: object, update: object, options?: object): Promise<{ matchedCount: number }>;
  deleteOne(filter: object): Promise<{ deletedCount: number }>;
  aggregate(pipeline: object[]): { toArray(): Promise<any[]> };
}

export interface RequestFacts {
  method: string;
  path: string;
  /** Repeated parameters are arrays. */
  query: Record<string, string | string[]>;
  /** Lower-cased names; repeated headers joined by commas. */
  headers: Record<string, string>;
  sourceIp: string;
}

/** What a pre-queue file is given. Headers are as they came, secrets included: they are redacted when queued. */
export interface PreQueueEvent extends RequestFacts {
  contentType: string | null;
  /** A copy: what is queued are the bytes that came in. */
  raw: Bytes;
  /** Parsed JSON or form; absent when it does not survive parsing. */
  readonly body?: unknown;
  receivedAt: Date;
}

export interface CommonTools {
  /** Write a line to the function's log: \`nami logs <name>\` shows it. */
  log(message: string, fields?: Record<string, unknown>): void;
  /** Your code's secrets by name (\`nami secret add <name> --as NAME env:NAME\`); one that is not set is undefined. */
  secrets: Readonly<Record<string, string | undefined>>;
}

export interface PreQueueTools extends CommonTools {
  /** Answer 200 and do not queue the event. */
  drop(reason: string): void;
  /** Answer this and do not queue the event: for handshakes, and for refusals of your own. */
  respond(status: number, body?: string | Bytes | object, headers?: Record<string, string>): void;
}

/** Runs before the queue: returning undefined or the event keeps it; a throw answers 500, so that the sender tries again. */
export type PreQueueHandler = (event: PreQueueEvent, tools: PreQueueTools) => unknown;

/** \`reason\` is for the log alone: the sender is not told. */
export type VerifyAnswer = boolean | { ok: boolean; reason?: string };

/**
 * A pre-queue file's export \`verify\`, asked before its handler when the signature scheme is "custom": true, or
 * \`{ ok: true }\`, lets the request in; anything else, and a throw, is answered 401.
 */
export type PreQueueVerify = (
  request: PreQueueEvent,
  tools: CommonTools,
) => Promise<VerifyAnswer> | VerifyAnswer;

/** The document that is about to be stored. */
export interface EventDocument {
  /** \`<name>:<delivery id>\`. */
  _id: string;
  name: string;
  /** The gateway's id of the request that brought it. */
  requestId: string;
  receivedAt: Date;
  storedAt: Date;
  request: RequestFacts;
  contentType: string | null;
  /** The exact bytes of the body. */
  raw: Bytes;
  /** Parsed JSON or form; absent when the bytes are not data that MongoDB keeps exactly. */
  body?: unknown;
  /** Why there is no body. */
  bodyError?: string;
  /** By which signature scheme, "none" for an unverified event. */
  verified: { scheme: string; keyIndex: number | null };
  /** How often the queue has delivered it; 1 is the first time. */
  attempts: number;
  duplicates: number;
  lastDuplicateAt?: Date;
  countedRequestIds?: string[];
  /** A hash of the headers that say of which topic, event, subscription or account it is. */
  identity?: string;
  /** Another event had this id with other bytes, or of another topic, event, subscription or account. */
  conflict?: true;
  probe?: true;
  reason?: string;
  deadLetteredAt?: Date;
}

export interface PostQueueTools extends CommonTools {
  /** Put the event into \`nami.dead_letters\` with this reason instead of \`nami.events\`; it is not tried again. */
  deadLetter(reason: string): void;
  /** The database the event is about to be stored in. */
  db: Db;
  /** Aborted when the time for this event is up: \`fetch(url, { signal })\` ends with it. */
  signal: Signal;
}

/**
 * Runs after the queue: may change the document or return a changed one; a throw makes the queue deliver it again.
 * \`_id\`, \`name\`, \`requestId\`, \`receivedAt\` and \`raw\` stay as they were: the promise of exactly once rests on them.
 */
export type PostQueueHandler = (event: EventDocument, tools: PostQueueTools) => unknown;
`;
