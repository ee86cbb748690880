import {
  BSON,
  type Collection,
  type Document,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
} from "mongodb";
import { type EventDocument, withoutBody } from "./document";
import { isPassingCode } from "./passing";

export interface StoreEntry {
  /** Of the SQS message that carries it. */
  messageId: string;
  document: EventDocument;
  /** `_id` under which an earlier version of Nami would have stored it. */
  formerId?: string;
}

/** A document that the store did not take, and why. */
export interface Rejected {
  entry: StoreEntry;
  code?: number;
  reason: string;
}

/** The same by its place among those sent. */
export interface Refused {
  index: number;
  code: number;
  reason: string;
}

export const DUPLICATE_KEY = 11000;

/**
 * One insertMany; answers what was rejected. An event whose body the store refuses is stored without it.
 * Throws when it is not known what was stored: a broken connection, a journal that did not answer.
 */
export async function insertAll(
  collection: Collection<EventDocument>,
  entries: StoreEntry[],
): Promise<Rejected[]> {
  const fit = entries.map(serializable);
  const unfit = fit.filter((item): item is Rejected => "reason" in item);
  const sent = fit.filter((item): item is StoreEntry => !("reason" in item));
  const rejected = await insertMany(collection, sent);
  const refused = rejected.filter(
    ({ code, entry }) => code !== DUPLICATE_KEY && !isPassingCode(code) && entry.document.body !== undefined,
  );
  const bodiless = refused.map(({ entry, reason }) => ({
    ...entry,
    document: withoutBody(entry.document, reason),
  }));
  const others = rejected.filter((item) => !refused.includes(item));
  return [...unfit, ...others, ...(await insertMany(collection, bodiless))];
}

async function insertMany(collection: Collection<EventDocument>, entries: StoreEntry[]): Promise<Rejected[]> {
  const documents = entries.map(({ document }) => document);
  const refused = await insertUnordered(collection, documents);
  return refused.map(({ index, ...why }) => ({ entry: entries[index]!, ...why }));
}

/**
 * One insertMany; answers which documents the store did not take.
 * Throws when it is not known what was stored: a broken connection, a journal that did not answer.
 */
export async function insertUnordered<T extends Document>(
  collection: Collection<T>,
  documents: OptionalUnlessRequiredId<T>[],
): Promise<Refused[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents, { ordered: false });
    return [];
  } catch (error) {
    return refusals(error, documents.length);
  }
}

/**
 * The driver throws MongoBulkWriteError for a lost connection too, then with few or no writeErrors. So what is not
 * in them counts as stored only if the numbers add up and the journal has it.
 */
function refusals(error: unknown, sent: number): Refused[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const writeErrors = [error.writeErrors].flat();
  const accounted = error.insertedCount + writeErrors.length === sent;
  if (writeErrors.length === 0 || !accounted || error.result.getWriteConcernError()) throw error;
  return writeErrors.map(({ index, code, errmsg }) => ({
    index,
    code,
    reason: errmsg ?? `MongoDB error ${code}`,
  }));
}

/**
 * The driver serializes the whole batch before it sends: one document it cannot take would fail all. Sender's bodies
 * are checked when they are parsed; what user code made of them only shows here.
 */
function serializable(entry: StoreEntry): StoreEntry | Rejected {
  const reason = refusalOf(entry.document);
  if (reason === undefined) return entry;
  const document = withoutBody(entry.document, reason);
  return refusalOf(document) === undefined ? { ...entry, document } : { entry, reason };
}

/** MongoDB's limit of a document. */
const MAX_BYTES = 16 * 1024 * 1024;

function refusalOf(document: EventDocument): string | undefined {
  try {
    const size = BSON.serialize(document, { ignoreUndefined: true }).length;
    return size > MAX_BYTES ? `as a document it has ${size} bytes; MongoDB takes ${MAX_BYTES}` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
