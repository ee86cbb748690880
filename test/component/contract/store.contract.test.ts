import assert from "node:assert/strict";
import { createStore } from "../../../runtime/store";
import { message } from "../../support/messages";
import { startMongo, type TestMongo } from "../../support/mongo";
import { recordedLog } from "../../support/recorded-log";
import { WorkerLab } from "../../support/worker-lab";

describe("the store", function () {
  this.timeout(60_000);
  let lab: WorkerLab;
  before(async () => {
    lab = await WorkerLab.open();
  });
  beforeEach(() => lab.fresh());
  after(() => lab?.close());

  it("keeps a batch with dates as dates and the bytes as they came", async () => {
    const odd = Buffer.from([0xff, 0, 10]);
    const batch = [message(), message({ id: "d2", contentType: null }, odd)];
    assert.deepEqual(await lab.sandbox()(batch, { receives: 3 }), []);
    const [first, second] = await lab.stored();
    assert.deepEqual(first!.body, { a: 1 });
    assert.deepEqual(first!.receivedAt, new Date("2026-11-22T10:00:00.000Z"));
    assert.deepEqual(first!.storedAt, new Date(WorkerLab.now));
    assert.equal(first!.attempts, 3);
    assert.deepEqual(second!.raw, odd);
    assert.equal("body" in second!, false);
  });

  it("makes one document of 50 simultaneous copies, and counts 49 duplicates", async () => {
    const copies = Array.from({ length: 50 }, (_, i) => message({ requestId: `r${i}` }));
    const batches = [0, 10, 20, 30, 40].map((at) => lab.sandbox()(copies.slice(at, at + 10)));
    assert.deepEqual((await Promise.all(batches)).flat(), []);
    const documents = await lab.stored();
    assert.equal(documents.length, 1);
    assert.equal(documents[0]!.duplicates, 49);
    assert.deepEqual(documents[0]!.lastDuplicateAt, new Date(WorkerLab.now));
  });

  it("makes one document and one conflict of 25 and 25 simultaneous copies with two bodies", async () => {
    const copies = Array.from({ length: 50 }, (_, i) =>
      message({ requestId: `r${i}` }, i % 2 === 0 ? '{"a":1}' : '{"a":2}'),
    );
    const batches = [0, 10, 20, 30, 40].map((at) => lab.sandbox()(copies.slice(at, at + 10)));
    assert.deepEqual((await Promise.all(batches)).flat(), []);
    const documents = await lab.stored();
    assert.deepEqual(
      documents.map(({ conflict, duplicates }) => [conflict ?? false, duplicates]),
      [
        [false, 24],
        [true, 24],
      ],
    );
    assert.deepEqual(documents.map(({ raw }) => raw.toString()).sort(), ['{"a":1}', '{"a":2}']);
    assert.match(documents[1]!._id, /^demo:d1~[0-9a-f]{12}$/);
  });

  it("counts what 25 and 25 copies are once, though the queue delivers each of them three times", async () => {
    const copies = Array.from({ length: 50 }, (_, i) =>
      message({ requestId: `r${i}` }, i < 25 ? "one" : "two"),
    );
    for (const receives of [1, 2, 3]) {
      const batches = [0, 10, 20, 30, 40].map((at) => lab.sandbox()(copies.slice(at, at + 10), { receives }));
      assert.deepEqual((await Promise.all(batches)).flat(), []);
    }
    const documents = await lab.stored();
    assert.deepEqual(
      documents.map(({ duplicates }) => duplicates),
      [24, 24],
    );
  });

  it("keeps events of two names apart that have the same id", async () => {
    const run = lab.sandbox();
    assert.deepEqual(await run([message(), message({ name: "orders", requestId: "r2" })]), []);
    assert.deepEqual(
      await run([message({ requestId: "r3" }), message({ name: "orders", requestId: "r4" })]),
      [],
    );
    assert.deepEqual(
      (await lab.stored()).map(({ _id, duplicates }) => [_id, duplicates]),
      [
        ["demo:d1", 1],
        ["orders:d1", 1],
      ],
    );
  });

  it("counts no redelivery by the queue, neither of the event nor of its last duplicate", async () => {
    const run = lab.sandbox();
    for (const receives of [1, 2, 3]) await run([message({ requestId: "a" })], { receives });
    assert.equal((await lab.stored())[0]!.duplicates, 0);
    for (const receives of [1, 2, 3]) await run([message({ requestId: "b" })], { receives });
    const documents = await lab.stored();
    assert.equal(documents.length, 1);
    assert.equal(documents[0]!.duplicates, 1);
    assert.equal(documents[0]!.attempts, 1);
  });

  it("counts no redelivery of an earlier duplicate either", async () => {
    const run = lab.sandbox();
    await run([message({ requestId: "a" })]);
    const duplicates = ["b", "c", "d"].map((requestId) => message({ requestId }));
    for (const receives of [1, 2]) await run(duplicates, { receives });
    assert.equal((await lab.stored())[0]!.duplicates, 3);
  });

  it("keeps other bytes under the same id as a conflict, once, and counts its duplicates", async () => {
    const run = lab.sandbox();
    const batch = ["one", "two", "three"].map((raw, i) => message({ requestId: `r${i}` }, raw));
    assert.deepEqual(await run(batch), []);
    assert.deepEqual(await run(batch), []);
    await run([message({ requestId: "other" }, "two")]);
    const documents = await lab.stored();
    assert.deepEqual(documents.map(({ raw }) => raw.toString()).sort(), ["one", "three", "two"]);
    assert.equal(documents.find(({ _id }) => _id === "demo:d1")!.conflict, undefined);
    const conflict = documents.find(({ raw }) => raw.toString() === "two")!;
    assert.match(conflict._id, /^demo:d1~[0-9a-f]{12}$/);
    assert.equal(conflict.conflict, true);
    assert.deepEqual(documents.map(({ duplicates }) => duplicates).sort(), [0, 0, 1]);
  });

  it("takes ten messages of 1 MiB at once", async () => {
    const text = "x".repeat(1_047_000);
    const big = Array.from({ length: 10 }, (_, i) => message({ id: `big${i}` }, JSON.stringify({ text, i })));
    assert.deepEqual(await lab.sandbox()(big), []);
    assert.equal(await lab.collection().countDocuments(), 10);
  });

  it("keeps odd but fitting bodies as they are: $ and dotted keys, 99 levels", async () => {
    const bodies = ['{"$set":{"a.b":1},"":2}', "[".repeat(99) + "]".repeat(99), '{"$ref":"c","$id":1}'];
    assert.deepEqual(await lab.sandbox()(bodies.map((body, i) => message({ id: `o${i}` }, body))), []);
    const documents = await lab.stored();
    assert.deepEqual(documents[0]!.body, { $set: { "a.b": 1 }, "": 2 });
    assert.deepEqual(documents[1]!.body, JSON.parse(bodies[1]!));
    assert.equal(documents[2]!.raw.toString(), bodies[2]);
  });

  it("makes the index that `nami events` reads by", async () => {
    await lab.sandbox()([message()]);
    const indexes = await lab.collection().indexes();
    assert.ok(indexes.some(({ key }) => JSON.stringify(key) === '{"name":1,"receivedAt":-1,"_id":-1}'));
    assert.deepEqual(lab.lines, []);
  });
});

describe("a database that asks for a login", function () {
  this.timeout(60_000);
  let mongo: TestMongo;
  before(async () => {
    mongo = await startMongo({ name: "nami", password: "right" });
  });
  after(() => mongo?.close());

  it("is opened with the right password and says that it refused a wrong one", async () => {
    const open = async (uri: string) => {
      const store = createStore({ uri, database: "nami", log: recordedLog().log, name: "demo" });
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

describe("a database that dies under an open store", function () {
  this.timeout(60_000);

  it("makes the worker hand back all it was given", async () => {
    const lab = await WorkerLab.open();
    try {
      const run = lab.sandbox();
      assert.deepEqual(await run([message()]), []);
      await lab.kill();
      assert.deepEqual(await run([message({ id: "d2" }), message({ id: "d3" })], { remaining: 7000 }), [
        "m0",
        "m1",
      ]);
      for (const { fields } of lab.lines)
        assert.match(String(fields.error), /^MongoDB at 127\.0\.0\.1:\d+ did not answer: /);
    } finally {
      await lab.close();
    }
  });
});
