/** The contract of user code: `export default async (event, tools) => …`, one file for each side of the queue. */
import type { Db } from "mongodb";
import type { CodeSecrets } from "./code-secrets";
import type { EventDocument } from "./document";
import type { RequestFacts } from "./event";

/** What a pre-queue file is given. Headers are as they came, secrets included: they are redacted when queued. */
export interface PreQueueEvent extends RequestFacts {
  contentType: string | null;
  /** A copy: what is queued are the bytes that came in. */
  raw: Buffer;
  /** Parsed JSON or form; absent when it does not survive parsing. Parsed when first asked for. */
  readonly body?: unknown;
  receivedAt: Date;
}

/** What both sides can do. */
export interface CommonTools {
  /** Write a line to the function's log: `nami logs <name>` shows it. */
  log(message: string, fields?: Record<string, unknown>): void;
  /** The secrets of your code by name; one that was not set is undefined. */
  secrets: CodeSecrets;
}

export interface PreQueueTools extends CommonTools {
  /** Answer 200 and do not queue the event. */
  drop(reason: string): void;
  /** Answer this and do not queue the event: for handshakes, and for refusals of your own. */
  respond(status: number, body?: string | Buffer | object, headers?: Record<string, string>): void;
}

/** Returning undefined or the event keeps it; a throw answers 500, so that the sender tries again. */
export type PreQueueHandler = (event: PreQueueEvent, tools: PreQueueTools) => unknown;

/**
 * A pre-queue file's export `verify`, asked before its handler when the signature scheme is "custom": true, or
 * `{ ok: true }`, lets the request in; anything else, and a throw, is answered 401.
 */
export type PreQueueVerify = (
  request: PreQueueEvent,
  tools: CommonTools,
) => Promise<VerifyAnswer> | VerifyAnswer;

/** `reason` is for the log alone: the sender is not told. */
export type VerifyAnswer = boolean | { ok: boolean; reason?: string };

export interface PostQueueTools extends CommonTools {
  /** Put the event into `nami.dead_letters` with this reason instead of `nami.events`; it is not tried again. */
  deadLetter(reason: string): void;
  /** The database the event is about to be stored in. */
  db: Db;
  /**
   * Aborted when the time for this event is up: `fetch(url, { signal })` ends with it. At a second try the process of the
   * code is ended then.
   */
  signal: AbortSignal;
}

/**
 * Gets the document about to be stored, may change it or return a changed one; a throw makes the queue deliver it again.
 * `_id`, `name`, `requestId`, `receivedAt` and `raw` stay as they were: the promise of exactly once rests on them.
 */
export type PostQueueHandler = (event: EventDocument, tools: PostQueueTools) => unknown;
