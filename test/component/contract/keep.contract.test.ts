import assert from "node:assert/strict";
import type { Collection, Db } from "mongodb";
import type { EventDocument } from "../../../runtime/document";
import { ensureIndexes } from "../../../runtime/indexes";
import { startMongo, type TestMongo } from "../../support/mongo";

const DAY = 86_400;

describe("how long events are kept", function () {
  this.timeout(200_000);
  let mongo: TestMongo;
  let events: Collection<EventDocument>;
  let deadLetters: Collection<EventDocument>;
  let database: Db;
  let count = 0;
  before(async () => {
    mongo = await startMongo();
  });
  beforeEach(() => {
    database = mongo.client.db(`nami-${count++}`);
    events = database.collection("events");
    deadLetters = database.collection("dead_letters");
  });
  after(() => mongo?.close());

  const keep = (name: string, keepSeconds?: number) =>
    ensureIndexes({ events, deadLetters, parts: database.collection("parts") }, { name, keepSeconds });
  const expiries = async (collection = events) =>
    (await collection.indexes())
      .filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)
      .map(({ name, expireAfterSeconds, partialFilterExpression }) => [
        name,
        expireAfterSeconds,
        partialFilterExpression,
      ])
      .sort(([a], [b]) => String(b).localeCompare(String(a)));

  it("is for ever unless an option says otherwise", async () => {
    await keep("orders");
    await keep("orders");
    assert.deepEqual(await expiries(), []);
  });

  it("is an index of MongoDB for each name, for events and dead letters", async () => {
    await keep("orders", 90 * DAY);
    await keep("invoices", 30 * DAY);
    const expected = [
      ["keep orders", 90 * DAY, { name: "orders" }],
      ["keep invoices", 30 * DAY, { name: "invoices" }],
    ];
    assert.deepEqual(await expiries(), expected);
    assert.deepEqual(await expiries(deadLetters), expected);
  });

  it("changes with the option, and ends with it, without touching other names", async () => {
    await keep("orders", 90 * DAY);
    await keep("invoices", 30 * DAY);
    await keep("orders", 7 * DAY);
    assert.deepEqual((await expiries())[0], ["keep orders", 7 * DAY, { name: "orders" }]);
    await keep("orders");
    assert.deepEqual(
      (await expiries()).map(([name]) => name),
      ["keep invoices"],
    );
  });

  it("can be asked for by several sandboxes at once", async () => {
    await Promise.all(Array.from({ length: 5 }, () => keep("orders", DAY)));
    assert.equal((await expiries()).length, 1);
  });

  it("deletes what is older and of the name, and nothing else", async () => {
    await keep("orders", DAY);
    const now = Date.now();
    const document = (_id: string, name: string, age: number) =>
      ({ _id, name, receivedAt: new Date(now - age * 1000) }) as EventDocument;
    await events.insertMany([
      document("orders:old", "orders", 2 * DAY),
      document("orders:new", "orders", 60),
      document("others:old", "others", 400 * DAY),
    ]);
    const ids = async () => (await events.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    // A server sweeps once a minute; SecantusDB does it when it is asked, too.
    await mongo.client.db("admin").command({ "secantusAdmin.pruneTtl": 1 });
    assert.deepEqual(await ids(), ["orders:new", "others:old"]);
  });
});
