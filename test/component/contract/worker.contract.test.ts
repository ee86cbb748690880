import assert from "node:assert/strict";
import type { PostQueueHandler } from "../../../runtime/handlers";
import { message } from "../../support/messages";
import { WorkerLab } from "../../support/worker-lab";

describe("the worker", function () {
  this.timeout(60_000);
  let lab: WorkerLab;
  before(async () => {
    lab = await WorkerLab.open();
  });
  beforeEach(() => lab.fresh());
  after(() => lab?.close());

  const ids = async (collection?: string) => (await lab.stored(collection)).map(({ _id }) => _id);

  it("hands back what it cannot read and stores the rest", async () => {
    assert.deepEqual(await lab.sandbox()(["garbage", message()]), ["m0"]);
    assert.deepEqual(await ids(), ["demo:d1"]);
    assert.match(String(lab.lines[0]!.fields.error), /no metadata line/);
  });

  it("hands back what user code throws or hangs on, and stores the rest", async () => {
    const run = lab.sandbox((event) => {
      if (event._id === "demo:throws") throw new Error("cannot digest");
      return event._id === "demo:hangs" ? new Promise(() => undefined) : undefined;
    });
    const batch = [message({ id: "throws" }), message(), message({ id: "hangs" })];
    assert.deepEqual(await run(batch, { remaining: 3000 }), ["m0", "m2"]);
    assert.deepEqual(await ids(), ["demo:d1"]);
    assert.match(String(lab.lines[0]!.fields.error), /cannot digest/);
    assert.match(String(lab.lines[1]!.fields.error), /did not end within/);
  });

  it("hands back an event for which user code returned no document", async () => {
    assert.deepEqual(await lab.sandbox(() => "done")([message()]), ["m0"]);
    assert.match(String(lab.lines[0]!.fields.error), /returned done/);
  });

  it("stores what user code made of the event, with id and bytes as they were", async () => {
    const run = lab.sandbox((event, { log }) => {
      log("seen", { kind: "x" });
      if (event._id === "demo:d2") {
        (event.body as Record<string, unknown>).mutated = true;
        event.raw.fill(0);
        return undefined;
      }
      return { ...event, _id: "other", raw: Buffer.from("other"), body: { b: 2 }, extra: new Date(5) };
    });
    await run([message(), message({ id: "d2" })]);
    const [first, second] = await lab.stored();
    assert.equal(first!._id, "demo:d1");
    assert.deepEqual(first!.body, { b: 2 });
    assert.deepEqual((first as { extra?: Date }).extra, new Date(5));
    for (const { raw } of [first!, second!]) assert.equal(raw.toString(), '{"a":1}');
    assert.deepEqual(second!.body, { a: 1, mutated: true });
    assert.deepEqual(lab.lines[0], { level: "info", message: "seen", fields: { id: "demo:d1", kind: "x" } });
  });

  it("gives user code the database", async () => {
    await lab.sandbox(async (_event, { db }) => {
      await db.collection<{ _id: string }>("seen").insertOne({ _id: "x" });
    })([message()]);
    assert.deepEqual(await ids("seen"), ["x"]);
  });

  it("stores without its body what user code made unfit for BSON", async () => {
    const run = lab.sandbox((event) => {
      if (event._id === "demo:d2") event.body = { _bsontype: "Nonsense" };
    });
    assert.deepEqual(await run([message(), message({ id: "d2" })]), []);
    const [first, second] = await lab.stored();
    assert.deepEqual(first!.body, { a: 1 });
    assert.equal("body" in second!, false);
    assert.match(second!.bodyError!, /bson/i);
  });

  it("writes dead letters with the whole document and the reason, once", async () => {
    const handler: PostQueueHandler = (event, { deadLetter }) => {
      if (event._id === "demo:d1") deadLetter("no such customer");
    };
    const run = lab.sandbox(handler);
    for (let i = 0; i < 2; i++) assert.deepEqual(await run([message(), message({ id: "d2" })]), []);
    assert.deepEqual(await ids(), ["demo:d2"]);
    const dead = await lab.stored("dead_letters");
    assert.equal(dead.length, 1);
    assert.equal(dead[0]!.reason, "no such customer");
    assert.deepEqual(dead[0]!.deadLetteredAt, new Date(WorkerLab.now));
    assert.equal(dead[0]!.raw.toString(), '{"a":1}');
  });

  it("stores a probe past user code, and drops a late one", async () => {
    const run = lab.sandbox(() => {
      throw new Error("user code was called");
    });
    const probe = (nonce: string, deadline: number) => message({ id: nonce, probe: { nonce, deadline } });
    assert.deepEqual(await run([probe("n1", WorkerLab.now + 1), probe("n2", WorkerLab.now)]), []);
    const documents = await lab.stored();
    assert.deepEqual(
      documents.map(({ _id, probe: marked }) => [_id, marked]),
      [["demo:probe:n1", true]],
    );
  });
});
