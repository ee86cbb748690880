import { setTimeout as sleep } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { CodeSecrets } from "./code-secrets";
import { type EventDocument, eventDocument, probeDocument } from "./document";
import type { PostQueueHandler } from "./handlers";
import { type Incoming, incoming, loadsOf } from "./incoming";
import type { StoreEntry } from "./insert";
import { type Isolation, NotIsolated, type RunTime } from "./isolation/isolation";
import { type Log, reasonOf, stackOf } from "./log";
import { isPassing } from "./passing";
import { fixedOf, HandlerFailure, type Processed, runPostQueue } from "./post-queue-code";
import { type Outcome, type Outcomes, storeAll } from "./settle";
import { isPart, SplitEvents } from "./split-events";
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
  /** Runs that code for a batch with a retried event. Absent: the code always runs in this process. */
  isolation?: Isolation;
  /** Isolates the first try, too. */
  isolateFirst?: boolean;
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
 * With less time a batch is not isolated: four processes take up to 4 s to start on the CPU share of a small function, and
 * an event whose process is not ready would lose a try. A function of 10 s has a little less than that left.
 */
const LEAST_ISOLATED = 9_000;

/**
 * What is handed back stays hidden for six times the function's timeout. So a store that does not answer is asked
 * again as long as there is time, and one that hangs is left in time to say which messages it had taken.
 */
async function storeInTime(records: SQSRecord[], ports: WorkPorts, outcomes: Outcomes): Promise<void> {
  const budget = ports.remaining();
  const messages = decodeAll(records, outcomes);
  const split = new SplitEvents(messages.filter(isPart), ports);
  const loads = loadsOf(messages.filter((message) => !isPart(message)));
  const seen = new Map<string, Prepared[]>();
  const retried = records.some(({ attributes }) => Number(attributes.ApproximateReceiveCount) > 1);
  const apart = budget >= LEAST_ISOLATED && (retried || ports.isolateFirst === true);
  if (!apart) ports.isolation?.end();
  const attempt = async () => {
    const collections = await ports.store.open(budget);
    const store = (load: Incoming[], left: number) =>
      storeLoad(load, left, collections, { ports, outcomes, seen, apart });
    await split.keep(collections.parts, outcomes);
    for (const [at, load] of loads.entries()) await store(load, loads.length - at);
    await split.storeComplete(collections.parts, outcomes, (event, left) => store([event], left));
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

function decodeAll(records: SQSRecord[], outcomes: Outcomes): Incoming[] {
  return records.flatMap((record) => {
    try {
      return [incoming(record)];
    } catch (error) {
      outcomes.set(record.messageId, failed(error));
      return [];
    }
  });
}

interface Batch {
  ports: WorkPorts;
  outcomes: Outcomes;
  /** By its first message, a load that user code has seen and the store has not taken: seen once, however often asked. */
  seen: Map<string, Prepared[]>;
  /** Whether user code runs isolated: a retried event may have ended the function, and must not harm the others again. */
  apart: boolean;
}

/** @param left among how many loads the time that is left is divided, this one counted */
async function storeLoad(
  load: Incoming[],
  left: number,
  collections: Collections,
  { seen, ...batch }: Batch,
): Promise<void> {
  const { ports, outcomes } = batch;
  if (load.every(({ messageId }) => outcomes.has(messageId))) return;
  const key = load[0]!.messageId;
  const prepared = seen.get(key) ?? (await prepareAll(load, left, collections, batch));
  seen.set(key, prepared);
  await storePrepared(prepared, collections, ports, outcomes);
  seen.delete(key);
}

async function prepareAll(
  messages: Incoming[],
  shares: number,
  collections: Collections,
  { ports, outcomes, apart }: Omit<Batch, "seen">,
): Promise<Prepared[]> {
  const time = timeOf(ports.remaining() / shares);
  const prepared = await Promise.all(
    messages.map(async (message) => {
      try {
        const item = await prepare(message, collections, ports, { ...time, apart });
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

/**
 * User code may take all of the time but what the insert needs: 2 s, or half of a short invocation. Of that, a third is
 * for events that wait for a process, so that they get as much time as at their first try.
 */
function timeOf(remaining: number): RunTime {
  const kept = Math.min(2000, remaining / 2);
  return { limitMs: remaining - kept, slackMs: kept / 3 };
}

/** Undefined: nothing is to be stored (a probe that nobody waits for any more). */
async function prepare(
  message: Incoming,
  collections: Collections,
  ports: WorkPorts,
  how: RunTime & { apart: boolean },
): Promise<Prepared | undefined> {
  const { messageId, meta, raw, attempts } = message;
  const now = ports.now();
  const at = { now, attempts };
  if (meta.probe) {
    const late = meta.probe.deadline <= now;
    return late
      ? undefined
      : { messageId, kind: "event", document: probeDocument(meta, meta.probe.nonce, at) };
  }
  const document = eventDocument(meta, raw, at);
  const former = meta.formerId === undefined ? {} : { formerId: `${meta.name}:${meta.formerId}` };
  const apart = how.apart ? await isolated(message, document, ports, how) : undefined;
  return { messageId, ...former, ...(apart ?? (await here(document, collections, ports, how))) };
}

/** Runs the user's code in this process. */
function here(
  document: EventDocument,
  { db }: Collections,
  { handler, log, secrets, now }: WorkPorts,
  { limitMs }: RunTime,
): Promise<Processed> {
  return runPostQueue(handler, document, { db, log, secrets, now: now(), limitMs });
}

/** Runs the user's code in a separate process; answers undefined where there is none. */
async function isolated(
  message: Incoming,
  document: EventDocument,
  { isolation, log, now }: WorkPorts,
  time: RunTime,
): Promise<Processed | undefined> {
  try {
    const processed = await isolation?.run(message, document._id, now(), time);
    return processed && { ...processed, document: { ...processed.document, ...fixedOf(document) } };
  } catch (error) {
    if (!(error instanceof NotIsolated)) throw error;
    log("warn", "user code is not isolated", { error: error.message });
    return undefined;
  }
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
