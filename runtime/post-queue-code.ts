import type { Db } from "mongodb";
import type { EventDocument } from "./document";
import type { PostQueueHandler, PostQueueTools } from "./handlers";
import type { Log } from "./log";

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
  const returned = await within(limitMs, Promise.resolve(handler(given, tools)));
  if (returned !== undefined && (returned === null || typeof returned !== "object")) {
    throw new TypeError(
      `the post-queue file returned ${String(returned)}; it may return undefined or a document`,
    );
  }
  const changed = { ...((returned as EventDocument | undefined) ?? given), ...fixed };
  if (reason === undefined) return { kind: "event", document: changed };
  return { kind: "deadLetter", document: { ...changed, reason, deadLetteredAt: new Date(now) } };
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error(`the post-queue file did not end within ${Math.round(limitMs)} ms`));
    timer = setTimeout(stop, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
