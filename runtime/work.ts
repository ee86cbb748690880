import { setTimeout as sleep } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { CodeSecrets } from "./code-secrets";
import { eventDocument, probeDocument } from "./document";
import type { PostQueueHandler } from "./handlers";
import type { StoreEntry } from "./insert";
import { type Log, reasonOf, stackOf } from "./log";
import { isPassing } from "./passing";
import { HandlerFailure, runPostQueue } from "./post-queue-code";
import { type Outcome, type Outcomes, storeAll } from "./settle";
import { type Incoming, incoming, SplitEvents } from "./split-events";
import type { Collections, Store } from "./store";
import { StoreError, storeError } from "./store-error";
import { within } from "./within";

export interface WorkPorts {
  store: Store;
  /** For the text of errors; its credentials are left out. */
  uri: string;
  handler: PostQueueHandler;
  /** Of the user's code. */
  secrets?: CodeSecrets;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds left of this invocation. */
  remaining(): number;
  log: Log;
}

interface Prepared extends StoreEntry {
  kind: "event" | "deadLetter";
}

/** SQS batch in → documents; answers the messages that are to be delivered again. Never throws: that would fail all. */
export async function work(event: SQSEvent, ports: WorkPorts): Promise<SQSBatchResponse> {
  const outcomes: Outcomes = new Map();
  try {
    await storeInTime(event.Records, ports, outcomes);
  } catch (error) {
    const reason = storeError(ports.uri, error).message;
    for (const { messageId } of event.Records) {
      if (!outcomes.has(messageId)) outcomes.set(messageId, { status: "failed", reason });
    }
  }
  return { batchItemFailures: failures(event.Records, outcomes, ports.log) };
}

/** Milliseconds. */
const FIRST_PAUSE = 200;
const LAST_PAUSE = 2000;
/** Less than this is not enough for another try: finding the server, the insert, the answer. */
const LEAST = 5000;

/**
 * What is handed back stays hidden for six times the function's timeout. So a store that does not answer is asked
 * again as long as there is time, and one that hangs is left in time to say which messages it had taken.
 */
async function storeInTime(records: SQSRecord[], ports: WorkPorts, outcomes: Outcomes): Promise<void> {
  const budget = ports.remaining();
  const split = new SplitEvents(records, ports);
  let prepared: Prepared[] | undefined;
  const completed = new Map<string, Prepared[]>();
  const attempt = async () => {
    const collections = await ports.store.open(budget);
    await split.keep(collections.parts, outcomes);
    const whole = records.filter((record) => !split.has(record));
    prepared ??= await prepareAll(whole, collections, ports, outcomes);
    await storePrepared(prepared, collections, ports, outcomes);
    await split.storeComplete(collections.parts, outcomes, async (event, left) => {
      const known = completed.get(event.messageId);
      const one = known ?? (await prepareAll([event], collections, ports, outcomes, left));
      completed.set(event.messageId, one);
      await storePrepared(one, collections, ports, outcomes);
      completed.delete(event.messageId);
    });
  };
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LAST_PAUSE)) {
    const left = ports.remaining();
    const late = () => new StoreError("the store did not answer before the function's time was up");
    try {
      return await within(left - Math.min(500, left / 4), attempt(), late);
    } catch (error) {
      if (!isPassing(error) || ports.remaining() < pause + LEAST) throw error;
      ports.log("warn", "store is asked again", { error: storeError(ports.uri, error).message });
      await sleep(pause);
    }
  }
}

/**
 * User code sees each event once, however often the store is asked.
 * @param shares among how many the time that is left is divided
 */
async function prepareAll(
  messages: (SQSRecord | Incoming)[],
  collections: Collections,
  ports: WorkPorts,
  outcomes: Outcomes,
  shares = 1,
): Promise<Prepared[]> {
  const limitMs = limitOf(ports.remaining()) / shares;
  const prepared = await Promise.all(
    messages.map(async (message) => {
      try {
        const event = "body" in message ? incoming(message) : message;
        const item = await prepare(event, collections, ports, limitMs);
        if (!item) outcomes.set(message.messageId, { status: "stored" });
        return item;
      } catch (error) {
        outcomes.set(message.messageId, failed(error));
        return undefined;
      }
    }),
  );
  return prepared.filter((item): item is Prepared => item !== undefined);
}

/** Of the user's code also which event it failed at, and where in the code. */
function failed(error: unknown): Outcome {
  const reason = reasonOf(error);
  if (!(error instanceof HandlerFailure)) return { status: "failed", reason };
  return { status: "failed", reason, id: error.id, stack: stackOf(error.cause) };
}

async function storePrepared(
  prepared: Prepared[],
  collections: Collections,
  ports: WorkPorts,
  outcomes: Outcomes,
): Promise<void> {
  const open = prepared.filter(({ messageId }) => !outcomes.has(messageId));
  const of = (kind: Prepared["kind"]) => open.filter((item) => item.kind === kind);
  // Both, whatever becomes of the other: one failed collection must not hide what the other has stored.
  const stored = await Promise.allSettled([
    storeAll(collections.events, of("event"), ports.now(), outcomes),
    storeAll(collections.deadLetters, of("deadLetter"), ports.now(), outcomes),
  ]);
  for (const result of stored) if (result.status === "rejected") throw result.reason;
}

/** User code may take all of the time but what the insert needs: 2 s, or half of a short invocation. */
function limitOf(remaining: number): number {
  return remaining - Math.min(2000, remaining / 2);
}

/** Undefined: nothing is to be stored (a probe that nobody waits for any more). */
async function prepare(
  { messageId, meta, raw, attempts }: Incoming,
  { db }: Collections,
  ports: WorkPorts,
  limitMs: number,
): Promise<Prepared | undefined> {
  const now = ports.now();
  const at = { now, attempts };
  if (meta.probe) {
    const late = meta.probe.deadline <= now;
    return late
      ? undefined
      : { messageId, kind: "event", document: probeDocument(meta, meta.probe.nonce, at) };
  }
  const { handler, log, secrets } = ports;
  const document = eventDocument(meta, raw, at);
  return { messageId, ...(await runPostQueue(handler, document, { db, log, secrets, now, limitMs })) };
}

function failures(records: SQSRecord[], outcomes: Outcomes, log: Log): SQSBatchResponse["batchItemFailures"] {
  return records.flatMap(({ messageId, attributes }) => {
    const outcome = outcomes.get(messageId);
    if (outcome && outcome.status !== "failed") return [];
    const receives = Number(attributes.ApproximateReceiveCount);
    const { reason: error, id, stack } = outcome ?? {};
    log("error", "event not stored", { code: "NOT_STORED", messageId, receives, error, id, stack });
    return [{ itemIdentifier: messageId }];
  });
}
