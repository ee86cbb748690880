import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Collection, Db } from "mongodb";
import type { EventDocument } from "../../../runtime/document";
import { ensureIndexes } from "../../../runtime/indexes";
import { startMongo, type TestMongo } from "../../support/mongo";

const DAY = 86_400;
/** MongoDB sweeps once a minute, and so does SecantusDB unless it is told otherwise. */
const SWEEP_SECONDS = 0.5;

describe("the time that events are kept", function () {
  this.timeout(200_000);
  let mongo: TestMongo;
  let db: Db;
  let count = 0;
  let events: Collection<EventDocument>;
  let deadLetters: Collection<EventDocument>;
  before(async () => {
    mongo = await startMongo(undefined, SWEEP_SECONDS);
  });
  beforeEach(() => {
    db = mongo.client.db(`nami${count++}`);
    events = db.collection("events");
    deadLetters = db.collection("dead_letters");
  });
  after(() => mongo?.close());

  const keep = (name: string, keepSeconds?: number) =>
    ensureIndexes({ events, deadLetters, parts: db.collection("parts") }, { name, keepSeconds });
  const expiries = async (collection = events) =>
    (await collection.indexes())
      .filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)
      .map(({ name, expireAfterSeconds, partialFilterExpression }) => [
        name,
        expireAfterSeconds,
        partialFilterExpression,
      ])
      .sort(([a], [b]) => String(b).localeCompare(String(a)));

  it("is unlimited unless an option says otherwise", async () => {
    await keep("orders");
    await keep("orders");
    assert.deepEqual(await expiries(), []);
  });

  it("is held by MongoDB itself, name by name, for events and dead letters", async () => {
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

  it("can be set by several sandboxes at once", async () => {
    await keep("invoices", 30 * DAY);
    await Promise.all(Array.from({ length: 5 }, () => keep("orders", DAY)));
    assert.equal((await expiries()).length, 2);
  });

  it("ends for older events of the name, and for nothing else", async () => {
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
    for (let tries = 0; tries < 300 && (await ids()).includes("orders:old"); tries++) await sleep(100);
    assert.deepEqual(await ids(), ["orders:new", "others:old"]);
  });
});
