import type { Db } from "mongodb";
import type { CodeSecrets } from "./code-secrets";
import { commonTools } from "./code-tools";
import type { EventDocument } from "./document";
import type { PostQueueHandler, PostQueueTools } from "./handlers";
import { type Log, reasonOf } from "./log";
import { within } from "./within";

/** What becomes of an event after the user's file has seen it. */
export type Processed = { kind: "event" | "deadLetter"; document: EventDocument };

/** The user's file has thrown, or did not end; `cause` is what it threw. */
export class HandlerFailure extends Error {
  constructor(
    /** `_id` of the event. */
    readonly id: string,
    cause: unknown,
  ) {
    super(reasonOf(cause), { cause });
  }
}

interface PostQueuePorts {
  db: Db;
  log: Log;
  secrets?: CodeSecrets;
  /** Milliseconds since the epoch. */
  now: number;
  limitMs: number;
}

/**
 * Runs the user's file on one event. Throws HandlerFailure for what the file throws, and when it has not ended within
 * `limitMs`: an event that hangs must not take its whole batch along when Lambda stops the function.
 */
export async function runPostQueue(
  handler: PostQueueHandler,
  document: EventDocument,
  ports: PostQueuePorts,
): Promise<Processed> {
  const given = { ...document, raw: Buffer.from(document.raw) };
  let reason: string | undefined;
  const time = new AbortController();
  const common = commonTools(document._id, ports);
  const tools: PostQueueTools = {
    ...common,
    // What it says after its time is up must not pass for what became of the event.
    log: (message, fields) => common.log(message, time.signal.aborted ? { ...fields, late: true } : fields),
    deadLetter: (text) => {
      reason ??= String(text);
    },
    db: ports.db,
    signal: time.signal,
  };
  const returned = await returnedBy(async () => handler(given, tools), document._id, {
    limitMs: ports.limitMs,
    time,
  });
  const changed = { ...(returned ?? given), ...fixedOf(document) };
  if (reason === undefined) return { kind: "event", document: changed };
  return { kind: "deadLetter", document: { ...changed, reason, deadLetteredAt: new Date(ports.now) } };
}

/** What user code cannot change. */
export function fixedOf({ _id, name, requestId, receivedAt, raw, identity }: EventDocument) {
  return { _id, name, requestId, receivedAt, raw, ...(identity !== undefined && { identity }) };
}

async function returnedBy(
  run: () => Promise<unknown>,
  id: string,
  { limitMs, time }: { limitMs: number; time: AbortController },
): Promise<EventDocument | undefined> {
  const late = () => {
    const error = new Error(`the post-queue file did not end within ${Math.round(limitMs)} ms`);
    time.abort(error);
    return error;
  };
  try {
    const returned = await within(limitMs, run(), late);
    if (returned === undefined || (returned !== null && typeof returned === "object"))
      return returned as EventDocument | undefined;
    throw new TypeError(
      `the post-queue file returned ${String(returned)}; it may return undefined or a document`,
    );
  } catch (error) {
    throw new HandlerFailure(id, error);
  }
}
