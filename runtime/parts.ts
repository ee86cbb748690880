import { createHash } from "node:crypto";
import { type Collection, MongoServerError } from "mongodb";
import { DUPLICATE_KEY, insertUnordered } from "./insert";
import type { MessageMeta, Part } from "./message";
import { isPassingCode } from "./passing";

/**
 * A document of `nami.parts`. Number 0 has no data: it marks an event that has been put together, so that a part that
 * the queue delivers once more does not wait for the others again.
 */
export interface PartDocument {
  /** `<name>:<request id>:<number>`. */
  _id: string;
  name: string;
  storedAt: Date;
  data?: Buffer;
}

/** What the parts of one event have in common. */
export type PartOf = Pick<MessageMeta, "name" | "requestId"> & { part: Part };

const MARK = 0;

function idOf({ name, requestId }: PartOf, number: number): string {
  return `${name}:${requestId}:${number}`;
}

function idsOf(event: PartOf): string[] {
  return Array.from({ length: event.part.of + 1 }, (_, number) => idOf(event, number));
}

/** The parts do not make the body that was sent. */
export class BrokenParts extends Error {}

/**
 * Keeps parts; one that is there already is kept. Answers those that the store refused, by their place, with the reason.
 * Throws when it is not known what was stored, or when the store refuses for a passing reason.
 * @param now milliseconds since the epoch
 */
export async function keepParts(
  collection: Collection<PartDocument>,
  parts: { meta: PartOf; raw: Buffer }[],
  now: number,
): Promise<Map<number, string>> {
  const documents = parts.map(({ meta, raw }) => ({
    _id: idOf(meta, meta.part.number),
    name: meta.name,
    storedAt: new Date(now),
    data: raw,
  }));
  const refused = (await insertUnordered(collection, documents)).filter(({ code }) => code !== DUPLICATE_KEY);
  const passing = refused.find(({ code }) => isPassingCode(code));
  if (passing) throw new MongoServerError({ message: passing.reason, code: passing.code });
  return new Map(refused.map(({ index, reason }) => [index, reason]));
}

export type Progress = "waiting" | "complete" | "done";

/** How far each event has come, in the order given. Reads no data. */
export async function progressOf(
  collection: Collection<PartDocument>,
  events: PartOf[],
): Promise<Progress[]> {
  const wanted = { _id: { $in: events.flatMap(idsOf) } };
  const found = await collection.find(wanted, { projection: { _id: 1 } }).toArray();
  const there = new Set(found.map(({ _id }) => _id));
  return events.map((event) => {
    if (there.has(idOf(event, MARK))) return "done";
    const missing = idsOf(event)
      .slice(1)
      .some((id) => !there.has(id));
    return missing ? "waiting" : "complete";
  });
}

/**
 * The whole body, or undefined when another worker has stored the event meanwhile.
 * Throws BrokenParts when the parts do not make the body whose length and SHA-256 each of them tells.
 */
export async function wholeBody(
  collection: Collection<PartDocument>,
  event: PartOf,
): Promise<Buffer | undefined> {
  const { of, bytes, sha256 } = event.part;
  const documents = collection.find({ _id: { $in: idsOf(event).slice(1) } }, { promoteBuffers: true });
  const found = new Map((await documents.toArray()).map(({ _id, data }) => [_id, data]));
  if (found.size < of) {
    if ((await progressOf(collection, [event]))[0] === "done") return undefined;
    throw new BrokenParts(`${found.size} of ${of} parts are in the store`);
  }
  const raw = Buffer.concat(
    idsOf(event)
      .slice(1)
      .map((id) => found.get(id) ?? Buffer.alloc(0)),
  );
  const digest = createHash("sha256").update(raw).digest("hex");
  if (raw.length !== bytes || digest !== sha256) {
    throw new BrokenParts(
      `the ${of} parts make a body of ${raw.length} bytes with SHA-256 ${digest}; sent were ${bytes} with ${sha256}`,
    );
  }
  return raw;
}

/** The mark before the deletion: whoever finds parts missing must be able to see why. */
export async function dropParts(
  collection: Collection<PartDocument>,
  event: PartOf,
  now: number,
): Promise<void> {
  const mark = { name: event.name, storedAt: new Date(now) };
  await collection.updateOne({ _id: idOf(event, MARK) }, { $setOnInsert: mark }, { upsert: true });
  await collection.deleteMany({ _id: { $in: idsOf(event).slice(1) } });
}

/** Parts of large events that have waited for the others since before `before`: they come in within seconds. */
export function waitingParts(
  collection: Collection<PartDocument>,
  name: string,
  before: Date,
): Promise<number> {
  const own = { $gte: `${name}:`, $lt: `${name};` };
  return collection.countDocuments({ _id: own, storedAt: { $lt: before }, data: { $exists: true } });
}
