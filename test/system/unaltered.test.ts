import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, rawOf, type StoredEvent, storedEvents } from "../support/nami";
import { post, postUntilTaken } from "../support/post";

interface Case {
  type?: string;
  /** content-encoding. */
  encoding?: string;
  body: Buffer;
  /** What `body` must hold; absent: only the bytes are kept, with a reason. */
  parsed?: unknown;
  /** No reason is owed where there is nothing to parse. */
  opaque?: boolean;
}

const json900 = { blob: 'é"\\\n'.repeat(112 * 1024) };
const json5500 = { rows: Array.from({ length: 50_000 }, (_, i) => ({ i, text: `"é" ${"x".repeat(85)}` })) };
const invoice = { id: "in_1", lines: Array.from({ length: 200 }, (_, i) => ({ i, amount: i * 100 })) };
const coded = Buffer.from(JSON.stringify(invoice));
const multipart = Buffer.concat([
  Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="ü.bin"\r\n\r\n'),
  randomBytes(5000),
  Buffer.from('\r\n--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'),
]);
const deep = `${"[".repeat(1000)}${"]".repeat(1000)}`;

const cases: Record<string, Case> = {
  form: {
    type: "application/x-www-form-urlencoded",
    body: Buffer.from("a=1&b=two+words&a=3"),
    parsed: { a: ["1", "3"], b: "two words" },
  },
  xml: { type: "application/xml", body: Buffer.from('<?xml version="1.0"?><a b="1">ü</a>'), opaque: true },
  empty: { type: "application/json", body: Buffer.alloc(0), opaque: true },
  "900 KB of JSON": { type: "application/json", body: Buffer.from(JSON.stringify(json900)), parsed: json900 },
  "not UTF-8": {
    type: "application/octet-stream",
    body: Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0xc3]), randomBytes(2000)]),
    opaque: true,
  },
  "not UTF-8, called JSON": { type: "application/json", body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
  "_bsontype key": { type: "application/json", body: Buffer.from('{"_bsontype":"ObjectId","id":"x"}') },
  "NUL in a key": { type: "application/json", body: Buffer.from('{"a\\u0000b":1}') },
  "1,000 levels": { type: "application/json", body: Buffer.from(deep) },
  "big integer": { type: "application/json", body: Buffer.from('{"n":9007199254740993}') },
  "duplicate keys": { type: "application/json", body: Buffer.from('{"a":1,"a":2}') },
  "no content type": { body: Buffer.from("plain"), opaque: true },
  multipart: { type: "multipart/form-data; boundary=b", body: multipart, opaque: true },
  "JSON as gzip": { type: "application/json", encoding: "gzip", body: gzipSync(coded), parsed: invoice },
  "JSON as brotli": {
    type: "application/json",
    encoding: "br",
    body: brotliCompressSync(coded),
    parsed: invoice,
  },
  "JSON as deflate, then gzip": {
    type: "application/json",
    encoding: "deflate, gzip",
    body: gzipSync(deflateSync(coded)),
    parsed: invoice,
  },
  "half of a gzip": { type: "application/json", encoding: "gzip", body: gzipSync(coded).subarray(0, 300) },
  "JSON behind a header that says gzip": {
    type: "application/json",
    encoding: "gzip",
    body: coded,
    parsed: invoice,
  },
  "5.5 MB of JSON": {
    type: "application/json",
    body: Buffer.from(JSON.stringify(json5500)),
    parsed: json5500,
  },
  "4 MB of random bytes": { type: "application/octet-stream", body: randomBytes(4_000_000), opaque: true },
  "2 MB of text without a type": { body: Buffer.alloc(2_000_000, "text\n"), opaque: true },
};

describe("events that other receivers lose", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let url: string;
  let stored: StoredEvent[];
  const names = Object.keys(cases);

  before(async () => {
    home = await demoHome();
    url = home.url;
    const { answers } = await postUntilTaken(names, (name) => {
      const { type, encoding, body } = cases[name]!;
      return post(url, body, {
        "webhook-id": `case-${names.indexOf(name)}`,
        ...(type && { "content-type": type }),
        ...(encoding && { "content-encoding": encoding }),
      });
    });
    assert.deepEqual(
      answers.map(({ status }) => status),
      names.map(() => 200),
    );
    stored = await eventually(
      () => storedEvents(home.dir, "demo"),
      (events) => events.length >= names.length,
      120,
    );
  });
  after(() => home?.close());

  names.forEach((name, i) => {
    it(`stores unaltered: ${name}`, async () => {
      const { body, parsed, opaque } = cases[name]!;
      const event = stored.find(({ _id }) => _id === `demo:case-${i}`);
      assert.ok(event, "is stored");
      assert.ok(rawOf(event).equals(body), "the same bytes");
      if (parsed !== undefined) assert.deepEqual(event.body, parsed);
      else {
        assert.equal(event.body, undefined);
        if (!opaque) assert.ok(event.bodyError, "says why there is no body");
      }
    });
  });

  it("bodies that are too large for Lambda are answered 413, by the gateway and by the function", async () => {
    const json = { "content-type": "application/json" };
    const answers = await Promise.all([
      post(url, Buffer.alloc(6_291_456, "x"), json),
      post(url, randomBytes(4_720_000)),
      post(url, Buffer.alloc(10 * 1024 * 1024 + 1)),
    ]);
    for (const { status, body } of answers) {
      assert.equal(status, 413);
      assert.equal(body, '{"message":"Request Entity Too Large"}');
    }
  });

  it("50 copies of 1.2 MB at the same moment are one event", async () => {
    const body = Buffer.from(JSON.stringify({ text: "x".repeat(1_200_000) }));
    const { answers, repeated } = await postUntilTaken(Array<Buffer>(50).fill(body), (each) =>
      post(url, each, { "webhook-id": "copies", "content-type": "application/json" }),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const copy = async () =>
      (await storedEvents(home.dir, "demo")).filter(({ _id }) => _id.startsWith("demo:copies"));
    const events = await eventually(copy, ([first]) => (first?.duplicates ?? 0) >= 49, 60);
    assert.equal(events.length, 1);
    // One that was answered 503 because time was up may be in the queue all the same.
    const { duplicates } = events[0]!;
    assert.ok(duplicates >= 49 && duplicates <= 49 + repeated, `${duplicates} after ${repeated} repeated`);
    assert.ok(rawOf(events[0]!).equals(body));
  });

  it("25 and 25 copies with two bodies at the same moment are one event and one conflict", async () => {
    const json = { "webhook-id": "mixed", "content-type": "application/json" };
    const bodies = Array.from({ length: 50 }, (_, i) => `{"body":${i % 2}}`);
    const { answers, repeated } = await postUntilTaken(bodies, (body) => post(url, body, json));
    assert.ok(answers.every(({ status }) => status === 200));
    const mixed = async () =>
      (await storedEvents(home.dir, "demo")).filter(({ _id }) => _id.startsWith("demo:mixed"));
    const counted = (events: StoredEvent[]) =>
      events.reduce((sum, { duplicates }) => sum + 1 + duplicates, 0);
    const events = await eventually(mixed, (all) => counted(all) >= 50, 60);
    assert.deepEqual(events.map(({ conflict }) => conflict ?? false).sort(), [false, true]);
    for (const { duplicates } of events) assert.ok(duplicates >= 24 && duplicates <= 24 + repeated);
  });

  it("no unusual event becomes a dead letter", async () => {
    // A document is there before its message is gone.
    const status = await eventually(
      () =>
        json<{ deadLetters: number; queue: { visible: number; inFlight: number } }>(home.dir, [
          "status",
          "demo",
        ]),
      ({ queue: { visible, inFlight } }) => visible + inFlight === 0,
      60,
    );
    assert.equal(status.deadLetters, 0);
    assert.deepEqual(status.queue, { ...status.queue, visible: 0, inFlight: 0 });
  });
});
