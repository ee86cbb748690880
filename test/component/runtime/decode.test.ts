import assert from "node:assert/strict";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { parseBody } from "../../../runtime/body";
import { decodeBody } from "../../../runtime/decode";
import { eventDocument } from "../../../runtime/document";
import { incoming, loadsOf } from "../../../runtime/incoming";
import { sqsEvent } from "../../support/aws-events";
import { message, messageFacts } from "../../support/messages";

const text = JSON.stringify({ a: [1, "é", null], b: "x".repeat(5000) });
const value = JSON.parse(text);
const raw = Buffer.from(text);
const parse = (encoding: string, body: Buffer, type = "application/json") => parseBody(type, body, encoding);

function refused(encoding: string, body: Buffer, reason: RegExp): void {
  const result = parse(encoding, body);
  assert.ok(result && !result.ok, `${encoding} is taken`);
  assert.match(result.reason, reason);
}

describe("a compressed body", () => {
  const compressed: [string, Buffer][] = [
    ["gzip", gzipSync(raw)],
    ["x-gzip", gzipSync(raw)],
    ["GZip", gzipSync(raw)],
    ["br", brotliCompressSync(raw)],
    ["deflate", deflateSync(raw)],
    ["deflate", deflateRawSync(raw)],
    ["identity", raw],
    ["", raw],
    [" gzip , br ", brotliCompressSync(gzipSync(raw))],
    ["deflate,identity, gzip", gzipSync(deflateSync(raw))],
    ["gzip", Buffer.concat([gzipSync(raw.subarray(0, 100)), gzipSync(raw.subarray(100))])],
  ];
  for (const [i, [encoding, body]] of compressed.entries()) {
    it(`is read as ${JSON.stringify(encoding)} (case ${i + 1})`, () =>
      assert.deepEqual(parse(encoding, body), { ok: true, value }));
  }

  it("is a form, where it says so, and bytes alone where it is neither", () => {
    const form = parse("gzip", gzipSync(Buffer.from("a=1&b=2")), "application/x-www-form-urlencoded");
    assert.deepEqual(form, { ok: true, value: { a: "1", b: "2" } });
    const xml = parse("gzip", gzipSync(Buffer.from("<a/>")), "application/xml");
    assert.match(xml && !xml.ok ? xml.reason : "", /application\/xml is kept as raw bytes only/);
    assert.equal(parse("gzip", gzipSync(Buffer.alloc(0))), undefined);
  });

  it("is read as it stands when a proxy has decoded it and left the header", () =>
    assert.deepEqual(parse("gzip", raw), { ok: true, value }));

  it("says what is wrong with it, and never throws", () => {
    const gz = gzipSync(raw);
    refused("gzip", gz.subarray(0, gz.length - 12), /it is not gzip: unexpected end of file/);
    refused("br", brotliCompressSync(raw).subarray(0, 12), /it is not br/);
    refused("deflate", deflateSync(raw).subarray(0, 12), /it is not deflate/);
    for (const encoding of ["gzip", "br", "deflate"])
      for (let length = 1; length < 40; length++) {
        const garbage = Buffer.from(Array.from({ length }, (_, i) => (i * 89 + length * 7 + 131) % 256));
        const result = parse(encoding, garbage);
        assert.ok(result === undefined || result.ok || result.reason);
      }
    const flipped = Buffer.from(gz);
    flipped[flipped.length - 6]! ^= 1;
    refused("gzip", flipped, /it is not gzip/);
    refused("zstd", raw.subarray(1), /content encoding "zstd" is not known/);
    refused("constructor", raw.subarray(1), /is not known/);
    refused("gzip, gzip, gzip, gzip", gz, /encoded more than 3 times/);
    refused("gzip,".repeat(3000), gz, /more than 3 times/);
  });
});

describe("a compression bomb", function () {
  this.timeout(60_000);

  /** The reason or the size. If an assertion compared 64 MB of bytes, mocha's diff would use up all memory. */
  const outcomeOf = (encoding: string, bomb: Buffer) => {
    const decoded = decodeBody(encoding, bomb);
    return decoded.ok ? `${decoded.bytes.length} bytes` : decoded.reason;
  };

  it("of 64 MB, once and twice compressed, is given up at 16 MiB", () => {
    const once = gzipSync(Buffer.alloc(64_000_000), { level: 1 });
    for (const [encoding, bomb] of [
      ["gzip", once],
      ["gzip, gzip", gzipSync(once)],
    ] as [string, Buffer][])
      assert.equal(outcomeOf(encoding, bomb), "decoded, it has more than 16 MiB");
  });

  it("of brotli, which has no limit to its ratio, is given up at 16 MiB", () => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
    const bomb = brotliCompressSync(Buffer.alloc(100_000_000), { params });
    assert.ok(bomb.length < 2000);
    assert.equal(outcomeOf("br", bomb), "decoded, it has more than 16 MiB");
  });

  it("of many values is kept as bytes, before it becomes objects", () => {
    const bombs = [`[${"{},".repeat(1_000_000)}{}]`, `[${"0,".repeat(1_000_000)}0]`];
    for (const bomb of bombs) refused("gzip", gzipSync(Buffer.from(bomb)), /more than 1000000 values/);
    const form = parse(
      "gzip",
      gzipSync(Buffer.from("a&".repeat(250_001))),
      "application/x-www-form-urlencoded",
    );
    assert.match(form && !form.ok ? form.reason : "", /more than 250000 fields/);
  });

  it("that is honest JSON is stored without its body when that would pass 16 MiB", () => {
    const list = gzipSync(Buffer.from(JSON.stringify(Array(999_000).fill("12345678901"))));
    const request = { ...messageFacts().request, headers: { "content-encoding": "gzip" } };
    const meta = { v: 1 as const, ...messageFacts({ request }), encoding: "base64" as const };
    const document = eventDocument(meta, list, { now: 0, attempts: 1 });
    assert.equal("body" in document, false);
    assert.match(document.bodyError!, /pass 16 MiB/);
    assert.ok(document.raw.equals(list));
  });
});

describe("a batch", () => {
  const coded = (encoding: string, bytes: number) =>
    message(
      { request: { ...messageFacts().request, headers: encoding ? { "content-encoding": encoding } : {} } },
      Buffer.alloc(bytes),
    );
  const sizes = (messages: string[]) =>
    loadsOf(sqsEvent(messages).Records.map(incoming)).map((load) => load.length);

  it("is one load where nothing in it is compressed", () => {
    assert.deepEqual(sizes(Array(500).fill(coded("", 4000))), [500]);
    assert.deepEqual(sizes(Array(6).fill(coded("", 700_000))), [6]);
  });

  it("is so many loads that what it may decode to stays in memory", () => {
    assert.deepEqual(sizes(Array(10).fill(coded("gzip", 1000))), [10]);
    assert.deepEqual(sizes(Array(6).fill(coded("gzip", 17_000))), [1, 1, 1, 1, 1, 1]);
    assert.deepEqual(sizes(Array(3).fill(coded("br", 100))), [1, 1, 1]);
    assert.deepEqual(sizes(Array(3).fill(coded("gzip, gzip", 100))), [1, 1, 1]);
    assert.deepEqual(sizes([]), []);
  });
});
