import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, rawOf, storedEvents, up } from "../support/nami";
import { post } from "../support/post";

interface Case {
  type?: string;
  body: Buffer;
  /** What `body` must hold; absent: only the bytes are kept, with a reason. */
  parsed?: unknown;
  /** No reason is owed where there is nothing to parse. */
  opaque?: boolean;
}

const json900 = { blob: 'é"\\\n'.repeat(112 * 1024) };
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
};

describe("events that others lose", function () {
  this.timeout(240_000);
  let home: TestHome;
  const names = Object.keys(cases);

  before(async () => {
    home = await makeHome();
    const url = await up(home.dir, "odd");
    const answers = await Promise.all(
      names.map((name, i) => {
        const { type, body } = cases[name]!;
        return post(url, body, { "webhook-id": `case-${i}`, ...(type ? { "content-type": type } : {}) });
      }),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      names.map(() => 200),
    );
    await eventually(
      () => storedEvents(home.dir, "odd"),
      (events) => events.length >= names.length,
      30,
    );
  });
  after(() => home.close());

  names.forEach((name, i) => {
    it(`stores unaltered: ${name}`, async () => {
      const { body, parsed, opaque } = cases[name]!;
      const event = (await storedEvents(home.dir, "odd")).find(({ _id }) => _id === `odd:case-${i}`);
      assert.ok(event, "is stored");
      assert.ok(rawOf(event).equals(body), "the same bytes");
      if (parsed !== undefined) assert.deepEqual(event.body, parsed);
      else {
        assert.equal(event.body, undefined);
        if (!opaque) assert.ok(event.bodyError, "says why there is no body");
      }
    });
  });

  it("none of them becomes a dead letter", async () => {
    const status = await json<{ deadLetters: number; queue: { visible: number; inFlight: number } }>(
      home.dir,
      ["status", "odd"],
    );
    assert.equal(status.deadLetters, 0);
    assert.deepEqual(status.queue, { ...status.queue, visible: 0, inFlight: 0 });
  });
});
