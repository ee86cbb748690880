import { BSON, type Filter } from "mongodb";
import { raiseCompatibility } from "./compatibility";
import { type EventDocument, probeId } from "./document";
import { waitingParts } from "./parts";
import { type Piece, pieceOf } from "./pieces";
import type { Collections } from "./store";

/** What the CLI may ask. */
export type OperatorRequest =
  | { action: "ping" }
  | { action: "health" }
  | { action: "raiseCompatibility"; series: string }
  | { action: "events"; limit?: number; before?: string }
  | { action: "event"; id: string /** Of one too large for an answer; 0 by default. */; piece?: number }
  | { action: "takeProbe"; nonce: string }
  | { action: "stats" };

/** Whether MongoDB does its work, for who is not to be thrown at: an outage is no error of the operator's. */
export interface Health {
  /** It answers, and takes a write. */
  answers: boolean;
  /** Why not. */
  reason?: string;
  /** Of the file system that the data is on, 0..100; absent when the server does not tell. */
  diskUsedPercent?: number;
}

/** Lambda answers at most 6 MB; Extended JSON is counted, and the rest is room for its envelope. */
const PAGE_BYTES = 5_000_000;
/** Bytes of BSON. What is larger is abridged in a page: as text it could be one by itself. */
const LARGE = 2_000_000;
const MAX_LIMIT = 1000;

/** One action on the documents of `name`. Throws RangeError for an unknown action, else what the driver throws. */
export async function answerOperator(
  request: OperatorRequest,
  name: string,
  store: Collections,
): Promise<unknown> {
  switch (request.action) {
    case "ping":
      return ping(store);
    case "health":
      await write(store, name);
      return { answers: true, ...(await disk(store)) } satisfies Health;
    case "raiseCompatibility":
      return raiseCompatibility(store, request.series);
    case "events":
      return page(store, name, request);
    case "event":
      return one(store, name, request);
    case "takeProbe":
      return { found: await takeProbe(store, name, request.nonce) };
    case "stats":
      return stats(store, name);
    default:
      throw new RangeError(
        `The operator knows ping, health, raiseCompatibility, events, event, takeProbe and stats, not ${JSON.stringify((request as { action?: unknown }).action)}.`,
      );
  }
}

async function ping({ db }: Collections): Promise<{ ok: true; version: string; ms: number }> {
  const start = performance.now();
  await db.command({ ping: 1 });
  const ms = Math.round((performance.now() - start) * 10) / 10;
  const { version } = await db.admin().command({ buildInfo: 1 });
  return { ok: true, version: String(version), ms };
}

/** One that answers and takes no write (its disk is full, it is read-only) stores no event either. */
async function write({ db }: Collections, name: string): Promise<void> {
  const filter = { _id: name };
  await db
    .collection<{ _id: string }>("health")
    .updateOne(filter, { $set: { at: new Date() } }, { upsert: true });
}

/** https://www.mongodb.com/docs/manual/reference/command/dbStats/: fsUsedSize and fsTotalSize, bytes. */
async function disk({ db }: Collections): Promise<Pick<Health, "diskUsedPercent">> {
  const { fsUsedSize, fsTotalSize } = await db.command({ dbStats: 1 });
  if (!(Number(fsTotalSize) > 0)) return {};
  return { diskUsedPercent: Math.round((1000 * Number(fsUsedSize)) / Number(fsTotalSize)) / 10 };
}

const withoutProbes = (name: string): Filter<EventDocument> => ({ name, probe: { $ne: true } });

/** Relaxed Extended JSON: dates and the raw bytes survive the trip. */
function readable(document: EventDocument): object {
  return BSON.EJSON.serialize(document, { relaxed: true });
}

/** No field of user code's. */
const SIZE = "__bsonSize";

/** What a page has of a large event: how many bytes came in, in place of bytes and body, which are not even sent. */
const ABRIDGE = [
  { $set: { [SIZE]: { $bsonSize: "$$ROOT" } } },
  {
    $set: {
      abridged: ifLarge({ rawBytes: { $binarySize: "$raw" } }, "$$REMOVE"),
      raw: ifLarge("$$REMOVE", "$raw"),
      body: ifLarge("$$REMOVE", "$body"),
    },
  },
  { $unset: SIZE },
];

function ifLarge(then: object | string, otherwise: string): object {
  return { $cond: [{ $gt: [`$${SIZE}`, LARGE] }, then, otherwise] };
}

/** Newest first. `next` is handed back as `before` for the page after this one; absent on the last. */
async function page(
  { events }: Collections,
  name: string,
  { limit = 20, before }: { limit?: number; before?: string },
): Promise<{ events: object[]; next?: string }> {
  const most = Math.max(1, Math.min(MAX_LIMIT, Math.trunc(limit)));
  const filter = { ...withoutProbes(name), ...(before && olderThan(before)) } as Filter<EventDocument>;
  const ordered = [{ $match: filter }, { $sort: { receivedAt: -1, _id: -1 } }, { $limit: most + 1 }];
  const found: object[] = [];
  let bytes = 0;
  let last: EventDocument | undefined;
  for await (const document of events.aggregate<EventDocument>([...ordered, ...ABRIDGE], { batchSize: 50 })) {
    const event = readable(document);
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (last && (found.length >= most || bytes > PAGE_BYTES))
      return { events: found, next: positionOf(last) };
    found.push(event);
    last = document;
  }
  return { events: found };
}

function positionOf({ receivedAt, _id }: EventDocument): string {
  return Buffer.from(JSON.stringify([receivedAt.getTime(), _id])).toString("base64url");
}

/** Throws RangeError for a text that no page has answered. */
function olderThan(position: string): Filter<EventDocument> {
  const [, time, id] = /^\[(-?\d+),(".*")\]$/s.exec(Buffer.from(position, "base64url").toString()) ?? [];
  if (time === undefined || id === undefined)
    throw new RangeError(`${JSON.stringify(position)} is not the "next" of a page.`);
  const receivedAt = new Date(Number(time));
  return {
    $or: [{ receivedAt: { $lt: receivedAt } }, { receivedAt, _id: { $lt: JSON.parse(id) as string } }],
  };
}

/** By `_id`, or by the delivery id alone. */
async function one(
  { events }: Collections,
  name: string,
  { id, piece = 0 }: { id: string; piece?: number },
): Promise<{ event: object | null } | Piece> {
  const ids = [String(id), `${name}:${id}`];
  const found = await events.findOne({ ...withoutProbes(name), _id: { $in: ids } });
  const event = found && readable(found);
  const text = JSON.stringify(event);
  return Buffer.byteLength(text) > PAGE_BYTES ? pieceOf(text, Number(piece)) : { event };
}

/** Also removes the probes that nobody came for, an hour after they were stored. */
async function takeProbe({ events }: Collections, name: string, nonce: string): Promise<boolean> {
  const { deletedCount } = await events.deleteOne({ _id: probeId(name, String(nonce)), probe: true });
  const anHourAgo = new Date(Date.now() - 3_600_000);
  const ids = { $gte: probeId(name, ""), $lt: `${name}:probe;` };
  await events.deleteMany({ _id: ids, probe: true, storedAt: { $lt: anHourAgo } });
  return deletedCount > 0;
}

/** Longer than the queue hides a message that could not be stored, mostly. Milliseconds. */
const OVERDUE = 3_600_000;

async function stats({ events, deadLetters, parts }: Collections, name: string) {
  const [all, probes, duplicates, conflicts, dead, waiting, last] = await Promise.all([
    events.countDocuments({ name }),
    // Few, and found by their ids: a filter on `probe` would read every document.
    events.countDocuments({ _id: { $gte: probeId(name, ""), $lt: `${name}:probe;` }, probe: true }),
    events
      .aggregate<{ sum: number }>([
        { $match: { lastDuplicateAt: { $exists: true }, name } },
        { $group: { _id: null, sum: { $sum: "$duplicates" } } },
      ])
      .toArray(),
    events.countDocuments({ conflict: true, name }),
    deadLetters.countDocuments({ name }),
    waitingParts(parts, name, new Date(Date.now() - OVERDUE)),
    events.findOne(withoutProbes(name), { sort: { receivedAt: -1, _id: -1 }, projection: { receivedAt: 1 } }),
  ]);
  return {
    events: all - probes,
    duplicates: duplicates[0]?.sum ?? 0,
    conflicts,
    deadLetters: dead,
    waitingParts: waiting,
    lastEvent: last && { id: last._id, receivedAt: last.receivedAt.toISOString() },
  };
}
