import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Collection, MongoBulkWriteError } from "mongodb";
import { type EventDocument, eventDocument } from "../../../runtime/document";
import { decodeMessage } from "../../../runtime/message";
import { storeAll } from "../../../runtime/settle";
import { message, messageFacts } from "../../support/messages";

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

  /** One message with these headers, whose id was made in another way before. */
  async function storeOne(requestId: string, headers: Record<string, string>, body = "one"): Promise<string> {
    const request = { ...messageFacts().request, headers };
    const { meta, raw } = decodeMessage(message({ requestId, id: "new", formerId: "old", request }, body));
    const entry = {
      messageId: requestId,
      formerId: `demo:${meta.formerId}`,
      document: eventDocument(meta, raw, { now: 1, attempts: 1 }),
    };
    return (await storeAll(events.collection, [entry], 1)).get(requestId)!.status;
  }
  /** As an earlier version stored them: without an identity, a conflict's id of the bytes alone. */
  function asBefore(): void {
    const before = stored().map(({ identity: _, ...document }) => {
      const hash = createHash("sha256").update(document.raw).digest("hex").slice(0, 12);
      return { ...document, _id: document.conflict ? `demo:old~${hash}` : "demo:old" };
    });
    events.documents.clear();
    for (const document of before) events.documents.set(document._id, document);
  }
  const paid = { "x-shopify-topic": "orders/paid" };

  it("keeps the same bytes of another topic, subscription or account beside the first event", async () => {
    assert.equal(await storeOne("r1", paid), "stored");
    assert.equal(await storeOne("r2", { "x-shopify-topic": "orders/create" }), "conflict");
    assert.equal(await storeOne("r3", { "x-shopify-topic": "orders/create" }), "duplicate");
    assert.equal(await storeOne("r4", {}), "conflict");
    assert.equal(await storeOne("r5", paid), "duplicate");
    assert.deepEqual(
      stored().map(({ duplicates, conflict }) => [duplicates, conflict ?? false]),
      [
        [1, false],
        [1, true],
        [0, true],
      ],
    );
    assert.equal(new Set(stored().map(({ _id }) => _id)).size, 3);
  });

  it("counts what an earlier version stored under a former id as a duplicate, when it is the same event", async () => {
    await storeOne("r1", paid);
    asBefore();
    assert.equal(await storeOne("r2", paid), "duplicate");
    assert.equal(await storeOne("r1", paid), "redelivered");
    assert.equal(await storeOne("r3", { "x-shopify-topic": "orders/create" }), "stored");
    assert.equal(await storeOne("r4", paid, "two"), "conflict");
    assert.deepEqual(
      stored().map(({ _id, duplicates }) => [_id.replace(/~.*/, "~"), duplicates]),
      [
        ["demo:old", 1],
        ["demo:new", 0],
        ["demo:new~", 0],
      ],
    );
  });

  it("finds a conflict that an earlier version named by its bytes alone", async () => {
    const entry = async (requestId: string, body: string) => {
      const request = { ...messageFacts().request, headers: paid };
      const { meta, raw } = decodeMessage(message({ requestId, id: "old", request }, body));
      const document = eventDocument(meta, raw, { now: 1, attempts: 1 });
      return (await storeAll(events.collection, [{ messageId: requestId, document }], 1)).get(requestId)!
        .status;
    };
    assert.deepEqual([await entry("r1", "one"), await entry("r2", "two")], ["stored", "conflict"]);
    asBefore();
    assert.deepEqual([await entry("r3", "two"), await entry("r2", "two")], ["duplicate", "redelivered"]);
    assert.equal(stored().length, 2);
  });
});
