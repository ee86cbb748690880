import { setTimeout as sleep } from "node:timers/promises";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { CodeSecrets } from "./code-secrets";
import { eventDocument, probeDocument } from "./document";
import type { PostQueueHandler } from "./handlers";
import { type Incoming, incoming, loadsOf } from "./incoming";
import type { StoreEntry } from "./insert";
import { type Log, reasonOf, stackOf } from "./log";
import { isPassing } from "./passing";
import { HandlerFailure, runPostQueue } from "./post-queue-code";
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
  const messages = decodeAll(records, outcomes);
  const split = new SplitEvents(messages.filter(isPart), ports);
  const loads = loadsOf(messages.filter((message) => !isPart(message)));
  const seen = new Map<string, Prepared[]>();
  const attempt = async () => {
    const collections = await ports.store.open(budget);
    const store = (load: Incoming[], left: number) =>
      storeLoad(load, left, collections, { ports, outcomes, seen });
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
}

/** @param left among how many loads the time that is left is divided, this one counted */
async function storeLoad(
  load: Incoming[],
  left: number,
  collections: Collections,
  { ports, outcomes, seen }: Batch,
): Promise<void> {
  if (load.every(({ messageId }) => outcomes.has(messageId))) return;
  const key = load[0]!.messageId;
  const prepared = seen.get(key) ?? (await prepareAll(load, left, collections, { ports, outcomes }));
  seen.set(key, prepared);
  await storePrepared(prepared, collections, ports, outcomes);
  seen.delete(key);
}

async function prepareAll(
  messages: Incoming[],
  shares: number,
  collections: Collections,
  { ports, outcomes }: Omit<Batch, "seen">,
): Promise<Prepared[]> {
  const limitMs = limitOf(ports.remaining()) / shares;
  const prepared = await Promise.all(
    messages.map(async (message) => {
      try {
        const item = await prepare(message, collections, ports, limitMs);
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
  const former = meta.formerId === undefined ? {} : { formerId: `${meta.name}:${meta.formerId}` };
  return {
    messageId,
    ...former,
    ...(await runPostQueue(handler, document, { db, log, secrets, now, limitMs })),
  };
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
