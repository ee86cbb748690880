import assert from "node:assert/strict";
import { BSON } from "mongodb";
import { parseBody } from "../../../runtime/body";
import { githubPayloads, shopifyPayloads } from "../../support/payloads";

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const parse = (body: string | Buffer, type: string | null = JSON_TYPE) =>
  parseBody(type, Buffer.from(body as string));

function refused(body: string | Buffer, reason: RegExp, type: string | null = JSON_TYPE): void {
  const result = parse(body, type);
  assert.ok(result && !result.ok, `is taken: ${String(body).slice(0, 60)}`);
  assert.match(result.reason, reason);
}

function kept(body: string, value: unknown, type: string | null = JSON_TYPE): void {
  const result = parse(body, type);
  assert.deepEqual(result, { ok: true, value });
  assert.deepEqual(BSON.deserialize(BSON.serialize({ value })).value, value, "survives BSON");
}

describe("a JSON body", () => {
  it("is kept when JavaScript and BSON hold it exactly", () => {
    kept('{"a":{"b":[1,2.5,null,true,"é😀\\n"]},"$set":{"x.y":1},"":0}', {
      a: { b: [1, 2.5, null, true, "é😀\n"] },
      $set: { "x.y": 1 },
      "": 0,
    });
    kept('{"constructor":1,"hasOwnProperty":2,"a":{"a":1},"b":{"a":1}}', {
      constructor: 1,
      hasOwnProperty: 2,
      a: { a: 1 },
      b: { a: 1 },
    });
    kept("null", null);
    kept('"text: with, colons {"', "text: with, colons {");
    kept("\uFEFF{}", {});
  });

  it("is kept for every spelling of the type, and where a sender calls it something else", () => {
    for (const type of [
      "Application/JSON; charset=utf-8",
      "application/cloudevents+json",
      "text/json",
      "text/plain",
      FORM,
      null,
    ]) {
      kept(' {"a":1}', { a: 1 }, type);
    }
  });

  it("keeps numbers that a double holds", () => {
    const numbers = "[0,-0,1.10,1e3,9007199254740991,9007199254740992,1e22,123456789012345680000,0.1,1.5e-7]";
    kept(numbers, JSON.parse(numbers));
    kept("[0.10000000000000001,40.712775999999998]", [0.1, 40.712776]);
    kept("[100000000000000000000,1.0000000000000000000,12000E-3]", [1e20, 1, 12]);
  });

  it("is refused for a number that would change", () => {
    for (const number of [
      "9007199254740993",
      "-9007199254740993",
      "12345678901234567890",
      "1e400",
      "-1E+400",
      "1e-400",
      "3.14159265358979323846",
    ]) {
      refused(`{"n":${number}}`, /cannot be kept exactly/);
      refused(`[${number}]`, /cannot be kept exactly/);
    }
    assert.ok(parse('{"n":"9007199254740993"}')?.ok, "in a string it is text");
  });

  it("is refused for the same key twice, however it is written", () => {
    refused('{"a":1,"a":2}', /same key twice/);
    refused('{"x":[{"a":1,"\\u0061":1}]}', /same key twice/);
  });

  it("is refused for keys that BSON or JavaScript would lose", () => {
    for (const key of ["_bsontype", "__proto__", "a\\u0000b", "\\ud800"])
      refused(`{"x":[{"${key}":1}]}`, /cannot be stored/);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it("is refused for half of a surrogate pair", () => refused('{"a":"\\ud800"}', /surrogate/));

  it("is kept 99 levels deep and refused at 100, at 1,000 and at a million", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    assert.ok(parse(nested(99))?.ok);
    for (const levels of [100, 1000, 1_000_000]) refused(nested(levels), /deeper than 99/);
    refused('{"a":'.repeat(1000) + 1 + "}".repeat(1000), /deeper than 99/);
  });

  it("is refused when it is not JSON or not UTF-8", () => {
    for (const text of ["{", "{'a':1}", "[1,]", "01", "1-2", "--1", "NaN", '"', '{"a":1}x', " "])
      refused(text, /not JSON/);
    refused(Buffer.from([0x7b, 0xff, 0x7d]), /not valid UTF-8/);
  });

  it("is kept for every example payload of GitHub and Shopify", () => {
    const payloads = [...githubPayloads(), ...shopifyPayloads()];
    assert.equal(payloads.length, 539);
    for (const { id, body } of payloads) {
      const result = parse(body);
      assert.ok(result?.ok, `${id}: ${result && !result.ok && result.reason}`);
      assert.deepEqual(result.value, JSON.parse(body.toString()));
    }
  });
});

describe("a form", () => {
  const form = (text: string, value: unknown) => kept(text, value, `${FORM}; charset=UTF-8`);

  it("becomes an object, repeated names arrays", () => {
    form("a=1&b=two+words&a=3&c&=x&d=%C3%A9%26&&a=", {
      a: ["1", "3", ""],
      b: "two words",
      c: "",
      "": "x",
      d: "é&",
    });
    form("constructor=1&payload=%7B%22a%22%3A1%7D", { constructor: "1", payload: '{"a":1}' });
  });

  it("is refused when it would lose bytes or cannot be stored", () => {
    refused("a=%ff", /percent-encoding/, FORM);
    refused("a=%", /percent-encoding/, FORM);
    refused("_bsontype=x", /cannot be stored/, FORM);
    refused("__proto__=x", /cannot be stored/, FORM);
    refused("a%00=x", /cannot be stored/, FORM);
    refused(Buffer.from([0x61, 0x3d, 0xff]), /UTF-8/, FORM);
  });
});

describe("another body", () => {
  it("is kept as bytes alone, with a reason", () => {
    refused("<a/>", /application\/xml is kept as raw bytes only/, "application/xml");
    refused("plain", /without a content type/, null);
    refused(Buffer.from([0xff, 0xfe]), /octet-stream/, "application/octet-stream");
  });

  it("that is empty needs no reason", () => {
    for (const type of [JSON_TYPE, FORM, "text/xml", null]) assert.equal(parse("", type), undefined);
  });
});
