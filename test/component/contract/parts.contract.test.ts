import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { PostQueueHandler } from "../../../runtime/handlers";
import type { MessageFacts } from "../../../runtime/message";
import { encodeMessages } from "../../../runtime/split";
import { LIMIT, message, messageFacts } from "../../support/messages";
import { WorkerLab } from "../../support/worker-lab";

/** Long texts, not many values: what takes long to compare shows nothing more here. */
const text = JSON.stringify({
  list: Array.from({ length: 2000 }, (_, i) => String(i % 1000).padStart(950)),
  é: "€".repeat(9999),
});
const body = Buffer.from(text);

function partsOf(overrides: Partial<MessageFacts> = {}, raw = body): string[] {
  return encodeMessages(messageFacts(overrides), raw, LIMIT);
}

describe("an event in parts", function () {
  this.timeout(120_000);
  let lab: WorkerLab;
  before(async () => {
    lab = await WorkerLab.open();
  });
  beforeEach(() => lab.fresh());
  after(() => lab?.close());

  /** What is left of parts: data, and marks of events that are done with. */
  async function left() {
    const documents = (await lab.stored("parts")) as unknown as { _id: string; data?: Buffer }[];
    return {
      data: documents.filter(({ data }) => data).length,
      marks: documents.filter(({ data }) => !data).length,
    };
  }

  async function assertOne(duplicates = 0) {
    const documents = await lab.stored();
    assert.equal(documents.length, 1);
    const [event] = documents;
    assert.equal(event!._id, "demo:d1");
    assert.ok(event!.raw.equals(body));
    assert.deepEqual(event!.body, JSON.parse(text));
    assert.equal(event!.duplicates, duplicates);
    assert.equal("part" in event!, false);
    assert.deepEqual(await left(), { data: 0, marks: 1 + duplicates });
  }

  it("is put together from one batch, beside other events", async () => {
    const parts = partsOf();
    assert.ok(parts.length >= 2);
    assert.deepEqual(await lab.sandbox()([message({ id: "small" }), ...parts, message({ id: "other" })]), []);
    assert.deepEqual(
      (await lab.stored()).map(({ _id }) => _id),
      ["demo:d1", "demo:other", "demo:small"],
    );
  });

  it("is put together from batches of one, in any order", async () => {
    const run = lab.sandbox();
    for (const part of partsOf().reverse()) {
      assert.equal((await lab.stored()).length, 0);
      assert.deepEqual(await run([part]), []);
    }
    await assertOne();
  });

  it("takes parts that come twice, in one batch and in several", async () => {
    const run = lab.sandbox();
    const parts = partsOf();
    assert.deepEqual(await run([parts[0]!, parts[0]!]), []);
    assert.deepEqual(await run([parts[0]!], { receives: 2 }), []);
    assert.deepEqual(await left(), { data: 1, marks: 0 });
    assert.deepEqual(await run([...parts.slice(1), ...parts]), []);
    await assertOne();
  });

  it("takes no notice of a part that comes again when all is done", async () => {
    const run = lab.sandbox();
    const parts = partsOf();
    await run(parts);
    for (const part of parts) assert.deepEqual(await run([part], { receives: 2 }), []);
    assert.deepEqual(await run(parts, { receives: 3 }), []);
    await assertOne();
  });

  it("is one document when two workers complete it at the same moment", async () => {
    const [last, ...others] = partsOf();
    for (let round = 0; round < 3; round++) {
      await lab.fresh();
      assert.deepEqual(await lab.sandbox()(others), []);
      const both = await Promise.all([lab.sandbox()([last!]), lab.sandbox()([last!])]);
      assert.deepEqual(both, [[], []]);
      await assertOne();
    }
  });

  it("is one document when each of its parts comes to another worker at the same moment", async () => {
    const all = await Promise.all(partsOf().map((part) => lab.sandbox()([part])));
    assert.deepEqual(all.flat(), []);
    await assertOne();
  });

  it("is counted as a duplicate when the sender sends it again, and is a conflict with other bytes", async () => {
    const run = lab.sandbox();
    await run(partsOf());
    assert.deepEqual(await run(partsOf({ requestId: "request-2" })), []);
    await assertOne(1);
    const other = Buffer.from(text.replace("999", "998"));
    assert.deepEqual(await run(partsOf({ requestId: "request-3" }, other)), []);
    const documents = await lab.stored();
    assert.equal(documents.length, 2);
    assert.ok(documents.find(({ conflict }) => conflict)!.raw.equals(other));
    assert.equal(documents.find(({ conflict }) => !conflict)!.duplicates, 1);
  });

  it("keeps two requests with the same delivery id apart until each is whole", async () => {
    const run = lab.sandbox();
    const [one, two] = [partsOf({ requestId: "a" }), partsOf({ requestId: "b" })];
    assert.deepEqual(await run([one[0]!, ...two.slice(1)]), []);
    assert.equal((await lab.stored()).length, 0);
    assert.deepEqual(await run([two[0]!]), []);
    assert.deepEqual(await run(one.slice(1)), []);
    await assertOne(1);
  });

  it("hands back the one message that completed it when user code throws, and takes it the next time", async () => {
    let fails = 2;
    const seen: number[] = [];
    const handler: PostQueueHandler = ({ raw }) => {
      seen.push(raw.length);
      if (fails-- > 0) throw new Error("cannot digest");
    };
    const run = lab.sandbox(handler);
    const parts = partsOf();
    assert.deepEqual(await run(parts), [`m${parts.length - 1}`]);
    assert.equal((await left()).data, parts.length);
    assert.deepEqual(await run([parts.at(-1)!], { receives: 2 }), ["m0"]);
    assert.deepEqual(await run([parts.at(-1)!], { receives: 3 }), []);
    await assertOne();
    assert.equal((await lab.stored())[0]!.attempts, 3);
    assert.deepEqual(seen, [body.length, body.length, body.length]);
  });

  it("becomes one dead letter when user code says so, and its parts go", async () => {
    const run = lab.sandbox((_, { deadLetter }) => deadLetter("too long"));
    assert.deepEqual(await run(partsOf()), []);
    assert.deepEqual(await lab.stored(), []);
    const [dead] = await lab.stored("dead_letters");
    assert.ok(dead!.raw.equals(body));
    assert.equal(dead!.reason, "too long");
    assert.deepEqual(await left(), { data: 0, marks: 1 });
  });

  it("is handed back when its parts do not make the bytes that were sent", async () => {
    const parts = partsOf();
    const changed = parts.map((part, i) => (i === 0 ? part.replace("999", "998") : part));
    assert.deepEqual(await lab.sandbox()(changed), [`m${parts.length - 1}`]);
    assert.match(String(lab.lines[0]!.fields.error), /SHA-256/);
    assert.deepEqual(await lab.stored(), []);
  });

  it("waits while one part is missing, and is not shown to user code", async () => {
    const run = lab.sandbox(() => assert.fail("user code was called"));
    assert.deepEqual(await run(partsOf().slice(1)), []);
    assert.deepEqual(await lab.stored(), []);
  });

  it("gives the others of its batch their time when it hangs", async () => {
    const run = lab.sandbox((event) => (event._id === "demo:hangs" ? new Promise(() => {}) : undefined));
    const batch = [...partsOf({ id: "hangs", requestId: "h" }), ...partsOf()];
    const handed = await run(batch, { remaining: 6000 });
    assert.equal(handed.length, 1);
    assert.deepEqual(
      (await lab.stored()).map(({ _id }) => _id),
      ["demo:d1"],
    );
  });

  it("may be as large as Lambda takes it: 5.9 MB of text, 4.4 MB of other bytes", async () => {
    const run = lab.sandbox();
    const large = { text: Buffer.alloc(5_900_000, "é"), bytes: randomBytes(4_400_000) };
    for (const [id, raw] of Object.entries(large))
      assert.deepEqual(await run(partsOf({ id, requestId: id, contentType: null }, raw)), []);
    const documents = await lab.stored();
    for (const { _id, raw } of documents) assert.ok(raw.equals(large[_id.slice(5) as keyof typeof large]));
    assert.equal(documents.length, 2);
  });

  it("makes the index by which what is left over goes in 60 days", async () => {
    await lab.sandbox()(partsOf());
    const indexes = await lab.collection("parts").indexes();
    assert.ok(indexes.some((index) => index.expireAfterSeconds === 60 * 86_400 && "storedAt" in index.key));
  });
});
