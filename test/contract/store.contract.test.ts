import assert from "node:assert/strict";
import type { Collection } from "mongodb";
import type { EventDocument } from "../../runtime/document";
import type { PostQueueHandler } from "../../runtime/handlers";
import { createStore, type Store } from "../../runtime/store";
import { work } from "../../runtime/work";
import { sqsEvent } from "../support/aws-events";
import { message } from "../support/messages";
import { startMongo, type TestMongo } from "../support/mongo";
import { recordedLog } from "../support/recorded-log";

const NOW = Date.UTC(2026, 10, 22, 12);

describe("the worker and a real database", function () {
  this.timeout(60_000);
  let mongo: TestMongo;
  let store: Store;
  let database: string;
  let count = 0;
  const { log, lines } = recordedLog();

  before(async () => {
    mongo = await startMongo();
  });
  after(() => mongo.close());
  beforeEach(() => {
    database = `test${count++}`;
    lines.length = 0;
    store = createStore({ uri: mongo.uri, database, log });
  });
  afterEach(() => store.close());

  const collection = (name: string): Collection<EventDocument> => mongo.client.db(database).collection(name);
  const stored = (name = "events") =>
    collection(name).find({}, { promoteBuffers: true }).sort({ _id: 1 }).toArray();
  const run = async (
    messages: string[],
    handler: PostQueueHandler = () => undefined,
    with_ = store,
    receives = 1,
  ) => {
    const ports = { store: with_, uri: mongo.uri, handler, now: () => NOW, remaining: () => 30_000, log };
    const { batchItemFailures } = await work(sqsEvent(messages, receives), ports);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };

  it("stores a batch with dates as dates and the bytes as they came", async () => {
    const odd = Buffer.from([0xff, 0, 10]);
    assert.deepEqual(
      await run([message(), message({ id: "d2", contentType: null }, odd)], undefined, store, 3),
      [],
    );
    const [first, second] = await stored();
    assert.deepEqual(first!.body, { a: 1 });
    assert.deepEqual(first!.receivedAt, new Date("2026-11-22T10:00:00.000Z"));
    assert.deepEqual(first!.storedAt, new Date(NOW));
    assert.equal(first!.attempts, 3);
    assert.deepEqual(second!.raw, odd);
    assert.equal("body" in second!, false);
  });

  it("makes one document of 50 simultaneous copies, and counts 49 duplicates", async () => {
    const copies = Array.from({ length: 50 }, (_, i) => message({ requestId: `r${i}` }));
    const workers = Array.from({ length: 5 }, () => createStore({ uri: mongo.uri, database, log }));
    const batches = workers.map((worker, i) => run(copies.slice(i * 10, i * 10 + 10), undefined, worker));
    assert.deepEqual((await Promise.all(batches)).flat(), []);
    await Promise.all(workers.map((worker) => worker.close()));
    const documents = await stored();
    assert.equal(documents.length, 1);
    assert.equal(documents[0]!.duplicates, 49);
    assert.deepEqual(documents[0]!.lastDuplicateAt, new Date(NOW));
  });

  it("counts no redelivery by the queue, neither of the event nor of its last duplicate", async () => {
    for (let i = 0; i < 3; i++) await run([message({ requestId: "a" })], undefined, store, i + 1);
    assert.equal((await stored())[0]!.duplicates, 0);
    for (let i = 0; i < 3; i++) await run([message({ requestId: "b" })], undefined, store, i + 1);
    const documents = await stored();
    assert.equal(documents.length, 1);
    assert.equal(documents[0]!.duplicates, 1);
    assert.equal(documents[0]!.attempts, 1);
  });

  it("stores other bytes under the same id as a conflict, once, and counts its duplicates", async () => {
    const batch = [
      message({ requestId: "a" }, "one"),
      message({ requestId: "b" }, "two"),
      message({ requestId: "c" }, "three"),
    ];
    assert.deepEqual(await run(batch), []);
    assert.deepEqual(await run(batch), []);
    await run([message({ requestId: "d" }, "two")]);
    const documents = await stored();
    assert.deepEqual(documents.map(({ raw }) => raw.toString()).sort(), ["one", "three", "two"]);
    assert.equal(documents.find(({ _id }) => _id === "demo:d1")!.conflict, undefined);
    const conflict = documents.find(({ raw }) => raw.toString() === "two")!;
    assert.match(conflict._id, /^demo:d1~[0-9a-f]{12}$/);
    assert.equal(conflict.conflict, true);
    assert.deepEqual(documents.map(({ duplicates }) => duplicates).sort(), [0, 0, 1]);
  });

  it("hands back what it cannot read and stores the rest", async () => {
    assert.deepEqual(await run(["garbage", message()]), ["m0"]);
    assert.equal((await stored()).length, 1);
    assert.match(String(lines[0]!.fields.error), /no metadata line/);
  });

  it("hands back what user code throws or hangs on, and stores the rest", async () => {
    const handler: PostQueueHandler = (event) => {
      if (event._id === "demo:throws") throw new Error("cannot digest");
      return event._id === "demo:hangs" ? new Promise(() => undefined) : undefined;
    };
    const ports = { store, uri: mongo.uri, handler, now: () => NOW, remaining: () => 1000, log };
    const batch = sqsEvent([message({ id: "throws" }), message(), message({ id: "hangs" })]);
    const { batchItemFailures } = await work(batch, ports);
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "m0" }, { itemIdentifier: "m2" }]);
    assert.deepEqual(
      (await stored()).map(({ _id }) => _id),
      ["demo:d1"],
    );
    assert.match(String(lines[0]!.fields.error), /cannot digest/);
    assert.match(String(lines[1]!.fields.error), /did not end within/);
  });

  it("stores what user code made of the event, with id and bytes as they were", async () => {
    await run([message(), message({ id: "d2" })], (event, { log: say }) => {
      say("seen", { kind: "x" });
      if (event._id === "demo:d2") {
        (event.body as Record<string, unknown>).mutated = true;
        event.raw.fill(0);
        return undefined;
      }
      return { ...event, _id: "other", raw: Buffer.from("other"), body: { b: 2 }, extra: new Date(5) };
    });
    const [first, second] = (await stored()) as (EventDocument & { extra?: Date })[];
    assert.equal(first!._id, "demo:d1");
    assert.deepEqual(first!.body, { b: 2 });
    assert.deepEqual(first!.extra, new Date(5));
    for (const { raw } of [first!, second!]) assert.equal(raw.toString(), '{"a":1}');
    assert.deepEqual(second!.body, { a: 1, mutated: true });
    assert.deepEqual(lines[0], { level: "info", message: "seen", fields: { id: "demo:d1", kind: "x" } });
  });

  it("gives user code the database", async () => {
    await run([message()], async (_event, { db }) => {
      await db.collection<{ _id: string }>("seen").insertOne({ _id: "x" });
    });
    assert.equal(await mongo.client.db(database).collection("seen").countDocuments(), 1);
  });

  it("stores without its body what user code made unfit for BSON", async () => {
    const failed = await run([message(), message({ id: "d2" })], (event) => {
      if (event._id === "demo:d2") event.body = { _bsontype: "Nonsense" };
    });
    assert.deepEqual(failed, []);
    const [, second] = await stored();
    assert.equal("body" in second!, false);
    assert.match(second!.bodyError!, /bson/i);
  });

  it("writes dead letters with the whole document and the reason, once", async () => {
    const handler: PostQueueHandler = (event, { deadLetter }) => {
      if (event._id === "demo:d1") deadLetter("no such customer");
    };
    for (let i = 0; i < 2; i++) assert.deepEqual(await run([message(), message({ id: "d2" })], handler), []);
    assert.deepEqual(
      (await stored()).map(({ _id }) => _id),
      ["demo:d2"],
    );
    const dead = await stored("dead_letters");
    assert.equal(dead.length, 1);
    assert.equal(dead[0]!.reason, "no such customer");
    assert.deepEqual(dead[0]!.deadLetteredAt, new Date(NOW));
    assert.equal(dead[0]!.raw.toString(), '{"a":1}');
  });

  it("stores a probe past user code, and drops a late one", async () => {
    const handler = () => {
      throw new Error("user code was called");
    };
    const probe = (nonce: string, deadline: number) => message({ id: nonce, probe: { nonce, deadline } });
    assert.deepEqual(await run([probe("n1", NOW + 1), probe("n2", NOW)], handler), []);
    const documents = await stored();
    assert.deepEqual(
      documents.map(({ _id, probe }) => [_id, probe]),
      [["demo:probe:n1", true]],
    );
  });

  it("stores ten messages of 1 MiB at once", async () => {
    const big = (i: number) =>
      message({ id: `big${i}`, requestId: `r${i}` }, JSON.stringify({ text: "x".repeat(1_047_000), i }));
    assert.deepEqual(await run(Array.from({ length: 10 }, (_, i) => big(i))), []);
    assert.equal(await collection("events").countDocuments(), 10);
  });

  it("stores odd but fitting bodies as they are: $ and dotted keys, 99 levels", async () => {
    const bodies = ['{"$set":{"a.b":1},"":2}', "[".repeat(99) + "]".repeat(99), '{"$ref":"c","$id":1}'];
    assert.deepEqual(await run(bodies.map((body, i) => message({ id: `o${i}` }, body))), []);
    const documents = await stored();
    assert.deepEqual(documents[0]!.body, { $set: { "a.b": 1 }, "": 2 });
    assert.deepEqual(documents[1]!.body, JSON.parse(bodies[1]!));
    assert.equal(documents[2]!.raw.toString(), bodies[2]);
  });

  it("makes the index that `nami events` reads by", async () => {
    await run([message()]);
    const indexes = await collection("events").indexes();
    assert.ok(indexes.some(({ key }) => JSON.stringify(key) === '{"name":1,"receivedAt":-1,"_id":-1}'));
    assert.deepEqual(lines, []);
  });
});

describe("a database that asks for a login", function () {
  this.timeout(60_000);
  let mongo: TestMongo;
  before(async () => {
    mongo = await startMongo({ name: "nami", password: "right" });
  });
  after(() => mongo.close());

  it("is opened with the right password and says that it refused a wrong one", async () => {
    const open = async (uri: string) => {
      const store = createStore({ uri, database: "nami", log: recordedLog().log });
      try {
        await store.open(5000);
      } finally {
        await store.close();
      }
    };
    await open(mongo.uri);
    await assert.rejects(open(mongo.uri.replace(":right@", ":wrong@")), (error: Error) => {
      assert.match(error.message, /^MongoDB at 127\.0\.0\.1:\d+ refused the login: /);
      assert.ok(!error.message.includes("wrong@"));
      return true;
    });
  });
});
