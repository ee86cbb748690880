import type { Db } from "mongodb";
import type { EventDocument } from "./document";
import type { PostQueueHandler, PostQueueTools } from "./handlers";
import type { Log } from "./log";
import { within } from "./within";

/** What becomes of an event after the user's file has seen it. */
export type Processed = { kind: "event" | "deadLetter"; document: EventDocument };

/**
 * Runs the user's file on one event. Throws what the file throws, and when it has not ended within `limitMs`:
 * an event that hangs must not take its whole batch along when Lambda stops the function.
 */
export async function runPostQueue(
  handler: PostQueueHandler,
  document: EventDocument,
  { db, log, now, limitMs }: { db: Db; log: Log; now: number; limitMs: number },
): Promise<Processed> {
  const { _id, name, requestId, receivedAt, raw } = document;
  const fixed = { _id, name, requestId, receivedAt, raw };
  const given = { ...document, raw: Buffer.from(raw) };
  let reason: string | undefined;
  const tools: PostQueueTools = {
    deadLetter: (text) => {
      reason ??= String(text);
    },
    log: (message, fields) => log("info", message, { id: _id, ...fields }),
    db,
  };
  const returned = await within(
    limitMs,
    Promise.resolve(handler(given, tools)),
    () => new Error(`the post-queue file did not end within ${Math.round(limitMs)} ms`),
  );
  if (returned !== undefined && (returned === null || typeof returned !== "object")) {
    throw new TypeError(
      `the post-queue file returned ${String(returned)}; it may return undefined or a document`,
    );
  }
  const changed = { ...((returned as EventDocument | undefined) ?? given), ...fixed };
  if (reason === undefined) return { kind: "event", document: changed };
  return { kind: "deadLetter", document: { ...changed, reason, deadLetteredAt: new Date(now) } };
}
