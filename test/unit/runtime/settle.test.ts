import assert from "node:assert/strict";
import { type Collection, MongoBulkWriteError } from "mongodb";
import { type EventDocument, eventDocument } from "../../../runtime/document";
import { decodeMessage } from "../../../runtime/message";
import { storeAll } from "../../../runtime/settle";
import { message } from "../../support/messages";

interface Update {
  updateOne: {
    filter: { _id: string; countedRequestIds?: { $ne: string } };
    update: { $push: { countedRequestIds: { $each: string[] } } };
  };
}

/** A collection of events in memory, with a unique `_id` and the one update that `storeAll` asks for. */
class FakeEvents {
  readonly documents = new Map<string, EventDocument>();

  get collection(): Collection<EventDocument> {
    return this as unknown as Collection<EventDocument>;
  }

  async insertMany(documents: EventDocument[]): Promise<void> {
    const writeErrors: { index: number; code: number; errmsg: string }[] = [];
    for (const [index, document] of documents.entries()) {
      if (this.documents.has(document._id)) writeErrors.push({ index, code: 11000, errmsg: "duplicate" });
      else this.documents.set(document._id, { ...document });
    }
    if (writeErrors.length === 0) return;
    const insertedCount = documents.length - writeErrors.length;
    throw new MongoBulkWriteError({ message: "failed", code: 11000, writeErrors: writeErrors as never }, {
      insertedCount,
      getWriteConcernError: () => undefined,
    } as never);
  }

  find({ _id: { $in } }: { _id: { $in: string[] } }) {
    return { toArray: async () => $in.flatMap((id) => this.documents.get(id) ?? []) };
  }

  async bulkWrite(operations: Update[]): Promise<void> {
    for (const { updateOne } of operations) {
      const { _id, countedRequestIds } = updateOne.filter;
      const document = this.documents.get(_id)!;
      const counted = document.countedRequestIds ?? [];
      if (countedRequestIds && counted.includes(countedRequestIds.$ne)) continue;
      document.duplicates += 1;
      document.countedRequestIds = [...counted, ...updateOne.update.$push.countedRequestIds.$each];
    }
  }
}

describe("storeAll", () => {
  let events: FakeEvents;
  beforeEach(() => {
    events = new FakeEvents();
  });

  /** Stores one message for each request, all under the same delivery id; answers what became of each. */
  async function store(...requests: [requestId: string, body: string][]): Promise<string[]> {
    const entries = requests.map(([requestId, body], at) => {
      const { meta, raw } = decodeMessage(message({ requestId }, body));
      return { messageId: `m${at}`, document: eventDocument(meta, raw, { now: 1, attempts: 1 }) };
    });
    const outcomes = await storeAll(events.collection, entries, 1);
    return entries.map(({ messageId }) => outcomes.get(messageId)!.status);
  }

  const stored = () => [...events.documents.values()];

  it("counts the same bytes of another request as a duplicate", async () => {
    assert.deepEqual(await store(["r1", "one"]), ["stored"]);
    assert.deepEqual(await store(["r2", "one"], ["r3", "one"]), ["duplicate", "duplicate"]);
    assert.deepEqual(
      stored().map(({ duplicates }) => duplicates),
      [2],
    );
  });

  it("counts no message that the queue delivers again", async () => {
    await store(["r1", "one"]);
    assert.deepEqual(await store(["r1", "one"]), ["redelivered"]);
    for (let deliveries = 0; deliveries < 3; deliveries++) await store(["r2", "one"]);
    assert.deepEqual(
      stored().map(({ duplicates }) => duplicates),
      [1],
    );
  });

  it("keeps other bytes of the same length under the same id, each once, beside the first event", async () => {
    assert.deepEqual(await store(["r1", "one"]), ["stored"]);
    assert.deepEqual(await store(["r2", "two"], ["r3", "six"]), ["conflict", "conflict"]);
    assert.deepEqual(await store(["r2", "two"], ["r4", "six"]), ["redelivered", "duplicate"]);
    assert.deepEqual(
      stored().map(({ raw, conflict, duplicates }) => [raw.toString(), conflict ?? false, duplicates]),
      [
        ["one", false, 0],
        ["two", true, 0],
        ["six", true, 1],
      ],
    );
    for (const { _id } of stored().slice(1)) assert.match(_id, /^demo:d1~[0-9a-f]{12}$/);
  });
});
