import type { Collection, Document } from "mongodb";
import type { EventDocument } from "./document";
import type { PartDocument } from "./parts";

export interface Indexed {
  events: Collection<EventDocument>;
  deadLetters: Collection<EventDocument>;
  parts: Collection<PartDocument>;
}

export interface Kept {
  /** Of the deployment. */
  name: string;
  /** How long its events are kept; absent: for ever. */
  keepSeconds?: number;
}

/**
 * Seconds. A part must outlive the message of any other part: at most 14 days in the queue and the dead-letter queue
 * together (one clock counts both), and as long again each time dead letters are moved back. 60 days are three moves.
 * What is left then is of requests that were answered 503, or of dead letters that somebody threw away.
 */
const PARTS_KEPT = 60 * 86_400;

/** Makes what is missing, changes what is otherwise. Idempotent: nothing happens when all is as it should be. */
export async function ensureIndexes({ events, deadLetters, parts }: Indexed, kept: Kept): Promise<void> {
  await events.createIndexes([
    // For `nami events`: newest first of one name.
    { key: { name: 1, receivedAt: -1, _id: -1 } },
    // For the counts of `nami status`: sparse, because only duplicates and conflicts have these fields, so an ordinary
    // insert pays little.
    { key: { lastDuplicateAt: 1 }, sparse: true },
    { key: { conflict: 1 }, sparse: true },
  ]);
  await parts.createIndex({ storedAt: 1 }, { expireAfterSeconds: PARTS_KEPT });
  await Promise.all([ensureExpiry(events, kept), ensureExpiry(deadLetters, kept)]);
}

/**
 * MongoDB itself deletes what is older. One partial index a name, because names may share a MongoDB of one's own
 * (several on one key: since 5.0, https://www.mongodb.com/docs/manual/core/index-partial/#multiple-partial-indexes).
 */
async function ensureExpiry(
  collection: Collection<EventDocument>,
  { name, keepSeconds }: Kept,
): Promise<void> {
  const index = `keep ${name}`;
  const found = (await indexesOf(collection)).find((each) => each.name === index);
  if (keepSeconds === undefined) {
    if (found) await collection.dropIndex(index);
  } else if (!found) {
    const partialFilterExpression = { name };
    const options = { name: index, expireAfterSeconds: keepSeconds, partialFilterExpression };
    await collection.createIndex({ receivedAt: 1 }, options);
  } else if (found.expireAfterSeconds !== keepSeconds) {
    const change = { name: index, expireAfterSeconds: keepSeconds };
    await collection.db.command({ collMod: collection.collectionName, index: change });
  }
}

const NAMESPACE_NOT_FOUND = 26;

/** A collection that nobody has written to does not exist yet. */
async function indexesOf(collection: Collection<EventDocument>): Promise<Document[]> {
  try {
    return await collection.indexes();
  } catch (error) {
    if ((error as { code?: number }).code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}
