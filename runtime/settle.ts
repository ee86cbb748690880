import { createHash } from "node:crypto";
import { type Collection, MongoServerError } from "mongodb";
import type { EventDocument } from "./document";
import { identityOf } from "./identity";
import { DUPLICATE_KEY, insertAll, type Rejected, type StoreEntry } from "./insert";
import { isPassingCode } from "./passing";

export type Outcome =
  /** Stored now, or already by an earlier delivery of the same message. */
  { status: "stored" | "redelivered" | "duplicate" | "conflict" } | Failed;

export interface Failed {
  status: "failed";
  reason: string;
  /** `_id` of an event that the user's code failed at. */
  id?: string;
  /** Where that code threw. */
  stack?: string;
}

/** By SQS message id. */
export type Outcomes = Map<string, Outcome>;

/**
 * Stores every entry exactly once, whatever was stored before under its id:
 * same event of the same request → the queue delivered it again, nothing to do; same event of another request → the
 * sender sent it again, counted; other bytes, or another topic, event, subscription or account → stored beside it as a
 * conflict.
 * Throws when the store does not answer or refuses for a passing reason; entries without an outcome are then to be
 * tried again.
 * @param now milliseconds since the epoch
 */
export async function storeAll(
  collection: Collection<EventDocument>,
  given: StoreEntry[],
  now: number,
  outcomes: Outcomes = new Map(),
): Promise<Outcomes> {
  const entries = await underFormerIds(collection, given);
  const rejected = await insertAll(collection, entries);
  const outside = new Set(rejected.map(({ entry }) => entry.messageId));
  for (const { messageId, document } of entries) {
    if (!outside.has(messageId))
      outcomes.set(messageId, { status: document.conflict ? "conflict" : "stored" });
  }
  const known: StoreEntry[] = [];
  for (const item of rejected) {
    if (item.code === DUPLICATE_KEY) known.push(item.entry);
    else if (!isPassingCode(item.code)) outcomes.set(item.entry.messageId, failed(item));
  }
  if (known.length > 0) await settleKnown(collection, known, now, outcomes);
  const passing = rejected.find(({ code }) => isPassingCode(code));
  if (passing) throw new MongoServerError({ message: passing.reason, code: passing.code });
  return outcomes;
}

function failed({ code, reason }: Rejected): Outcome {
  return { status: "failed", reason: code === undefined ? reason : `MongoDB error ${code}: ${reason}` };
}

/** Entries whose id is taken. */
async function settleKnown(
  collection: Collection<EventDocument>,
  entries: StoreEntry[],
  now: number,
  outcomes: Outcomes,
): Promise<void> {
  const stored = await storedOf(
    collection,
    entries.map(({ document }) => document._id),
  );
  const duplicates: StoreEntry[] = [];
  const conflicts: StoreEntry[] = [];
  for (const entry of entries) {
    const relation = relationOf(entry.document, stored.get(entry.document._id));
    if (relation === "duplicate") duplicates.push(entry);
    else if (relation === "conflict") conflicts.push(asConflict(entry));
    else outcomes.set(entry.messageId, relation);
  }
  if (duplicates.length > 0) await countDuplicates(collection, duplicates, now);
  for (const { messageId } of duplicates) outcomes.set(messageId, { status: "duplicate" });
  if (conflicts.length > 0) await storeAll(collection, conflicts, now, outcomes);
}

type Stored = Pick<EventDocument, "_id" | "raw" | "requestId" | "identity"> & {
  request?: { headers?: Record<string, string> };
};

async function storedOf(
  collection: Collection<EventDocument>,
  ids: readonly string[],
): Promise<Map<string, Stored>> {
  const projection = { raw: 1, requestId: 1, identity: 1, "request.headers": 1 };
  const found = await collection
    .find<Stored>({ _id: { $in: [...new Set(ids)] } }, { projection, promoteBuffers: true })
    .toArray();
  return new Map(found.map((document) => [document._id, document]));
}

/** Entries that an earlier version has stored already get the id that it gave them. */
async function underFormerIds(
  collection: Collection<EventDocument>,
  entries: StoreEntry[],
): Promise<StoreEntry[]> {
  const formerIds = entries.flatMap(({ formerId }) => formerId ?? []);
  if (formerIds.length === 0) return entries;
  const stored = await storedOf(collection, formerIds);
  return entries.map((entry) => {
    const before = entry.formerId === undefined ? undefined : stored.get(entry.formerId);
    if (!before || !isSameEvent(entry.document, before)) return entry;
    return { ...entry, document: { ...entry.document, _id: before._id } };
  });
}

/** Events that were stored before `identity` was have their headers. */
function isSameEvent(document: EventDocument, stored: Stored): boolean {
  const identity = stored.identity ?? identityOf(stored.request?.headers ?? {});
  return document.raw.equals(stored.raw) && document.identity === identity;
}

function relationOf(document: EventDocument, stored: Stored | undefined): "duplicate" | "conflict" | Outcome {
  if (!stored) return { status: "failed", reason: "the document with its id was deleted meanwhile" };
  if (!isSameEvent(document, stored)) {
    if (!document.conflict) return "conflict";
    return { status: "failed", reason: `${document._id} is taken by another event with the same hash` };
  }
  return stored.requestId === document.requestId ? { status: "redelivered" } : "duplicate";
}

/** `<id>~<first 12 hex digits of a SHA-256>`: the same conflict always gets the same id. */
function conflictId({ _id }: EventDocument, ...parts: (Buffer | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `${_id}~${hash.digest("hex").slice(0, 12)}`;
}

/** The hash is of all that makes it another event. An earlier version took the bytes alone. */
function asConflict({ messageId, document }: StoreEntry): StoreEntry {
  const { raw, identity } = document;
  const byBytes = conflictId(document, raw);
  if (identity === undefined) return { messageId, document: { ...document, _id: byBytes, conflict: true } };
  const _id = conflictId(document, identity, raw);
  return { messageId, formerId: byBytes, document: { ...document, _id, conflict: true } };
}

/** Duplicates remembered by their request ids. More of one event than this are not under way at the same time. */
const COUNTED = 50;

/** A redelivered duplicate finds its own request id among those counted last, and counts nothing. */
async function countDuplicates(
  collection: Collection<EventDocument>,
  entries: StoreEntry[],
  now: number,
): Promise<void> {
  const operations = entries.map(({ document: { _id, requestId } }) => ({
    updateOne: {
      filter: { _id, countedRequestIds: { $ne: requestId } },
      update: {
        $inc: { duplicates: 1 },
        $set: { lastDuplicateAt: new Date(now) },
        $push: { countedRequestIds: { $each: [requestId], $slice: -COUNTED } },
      },
    },
  }));
  await collection.bulkWrite(operations, { ordered: false });
}
