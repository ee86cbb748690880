import assert from "node:assert/strict";
import { type Collection, MongoBulkWriteError, MongoNetworkError } from "mongodb";
import { incoming } from "../../../runtime/incoming";
import type { PartDocument } from "../../../runtime/parts";
import type { Outcomes } from "../../../runtime/settle";
import { encodeMessages } from "../../../runtime/split";
import { isPart, SplitEvents } from "../../../runtime/split-events";
import { sqsEvent } from "../../support/aws-events";
import { messageFacts } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

const raw = Buffer.from("0123456789".repeat(300));
const partsOf = (id: string) => encodeMessages(messageFacts({ id, requestId: id }), raw, 1200);

/** A collection of parts in memory, which fails as a test says. */
class FakeParts {
  readonly documents = new Map<string, PartDocument>();
  /** Thrown by the next insertMany. */
  fault?: Error;
  /** Called by each find, before it answers, with what is left out of the documents. */
  onFind: (projected: boolean) => void = () => {};
  deletes = true;

  get collection(): Collection<PartDocument> {
    return this as unknown as Collection<PartDocument>;
  }

  async insertMany(documents: PartDocument[]): Promise<void> {
    const fault = this.fault;
    this.fault = undefined;
    if (fault) throw fault;
    const writeErrors: { index: number; code: number; errmsg: string }[] = [];
    for (const [index, document] of documents.entries()) {
      if (this.documents.has(document._id)) writeErrors.push({ index, code: 11000, errmsg: "duplicate" });
      else this.documents.set(document._id, document);
    }
    if (writeErrors.length === 0) return;
    const insertedCount = documents.length - writeErrors.length;
    throw new MongoBulkWriteError({ message: "failed", code: 11000, writeErrors: writeErrors as never }, {
      insertedCount,
      getWriteConcernError: () => undefined,
    } as never);
  }

  find({ _id: { $in } }: { _id: { $in: string[] } }, { projection }: { projection?: object }) {
    this.onFind(projection !== undefined);
    const found = $in.flatMap((id) => this.documents.get(id) ?? []);
    return { toArray: async () => found };
  }

  async updateOne({ _id }: { _id: string }, { $setOnInsert }: { $setOnInsert: object }): Promise<void> {
    if (!this.documents.has(_id)) this.documents.set(_id, { _id, ...$setOnInsert } as PartDocument);
  }

  async deleteMany({ _id: { $in } }: { _id: { $in: string[] } }): Promise<void> {
    if (!this.deletes) throw new MongoNetworkError("connection 1 closed");
    for (const id of $in) this.documents.delete(id);
  }
}

describe("the parts in one batch", () => {
  function lab(messages: string[], remaining = () => 30_000) {
    const store = new FakeParts();
    const { log, lines } = recordedLog();
    const outcomes: Outcomes = new Map();
    const split = new SplitEvents(sqsEvent(messages).Records.map(incoming).filter(isPart), {
      now: () => 1,
      remaining,
      log,
    });
    const bodies: string[] = [];
    const complete = () =>
      split.storeComplete(store.collection, outcomes, async ({ messageId, raw: body }) => {
        bodies.push(body.toString());
        outcomes.set(messageId, { status: "stored" });
      });
    const keep = () => split.keep(store.collection, outcomes);
    const statuses = () => [...outcomes.entries()].map(([id, { status }]) => `${id} ${status}`).sort();
    return { store, split, keep, complete, bodies, outcomes, statuses, lines };
  }

  it("are kept when asked again after a broken connection", async () => {
    const { store, keep, complete, bodies, statuses } = lab(partsOf("a"));
    store.fault = new MongoNetworkError("connection 1 closed");
    await assert.rejects(keep(), /connection 1 closed/);
    assert.deepEqual(statuses(), []);
    await keep();
    await keep();
    await complete();
    assert.deepEqual(bodies, [raw.toString()]);
    assert.equal(statuses().filter((status) => status.endsWith("stored")).length, partsOf("a").length);
    assert.deepEqual([...store.documents.keys()], ["demo:a:0"]);
  });

  it("are no loss when they cannot be deleted", async () => {
    const { store, keep, complete, statuses, lines } = lab(partsOf("a"));
    store.deletes = false;
    await keep();
    await complete();
    assert.ok(statuses().every((status) => status.endsWith("stored")));
    assert.equal(lines[0]!.message, "parts not deleted");
  });

  it("that another worker has put together meanwhile need nothing more", async () => {
    const { store, keep, complete, bodies, statuses } = lab(partsOf("a"));
    await keep();
    store.onFind = (projected) => {
      if (projected) return;
      store.documents.clear();
      store.documents.set("demo:a:0", { _id: "demo:a:0", name: "demo", storedAt: new Date(0) });
    };
    await complete();
    assert.deepEqual(bodies, []);
    assert.ok(statuses().some((status) => status.endsWith("redelivered")));
  });

  it("stay until their event is stored, so that the message that completed it can bring it again", async () => {
    const { store, keep, outcomes, split } = lab(partsOf("a"));
    await keep();
    await split.storeComplete(store.collection, outcomes, async ({ messageId }) => {
      outcomes.set(messageId, { status: "failed", reason: "user code failed" });
    });
    assert.equal(store.documents.size, partsOf("a").length);
    assert.equal(store.documents.has("demo:a:0"), false);
  });

  it("are stored once when the queue delivers them twice", async () => {
    const { store, keep, complete, bodies, statuses } = lab([...partsOf("a"), ...partsOf("a")]);
    await keep();
    await complete();
    assert.deepEqual(bodies, [raw.toString()]);
    assert.ok(statuses().every((status) => status.endsWith("stored")));
    assert.deepEqual([...store.documents.keys()], ["demo:a:0"]);
  });

  it("that are gone without a mark are told", async () => {
    const { store, keep, complete, outcomes } = lab(partsOf("a"));
    await keep();
    store.documents.delete("demo:a:1");
    await complete();
    const failed = [...outcomes.values()].find(({ status }) => status === "failed") as { reason: string };
    assert.match(failed.reason, /^\d of \d parts are in the store$/);
  });

  it("make one event after the other, and what there is no time for is handed back", async () => {
    let left = 30_000;
    const { keep, complete, bodies, outcomes } = lab([...partsOf("a"), ...partsOf("b")], () => left);
    await keep();
    left = 2000;
    await complete();
    assert.equal(bodies.length, 1);
    const failed = [...outcomes.values()].filter(({ status }) => status === "failed") as { reason: string }[];
    assert.deepEqual(
      failed.map(({ reason }) => reason),
      ["there was no time left to put it together"],
    );
  });
});
