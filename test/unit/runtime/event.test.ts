import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { deliveryId } from "../../../runtime/delivery-id";
import { incomingRequest } from "../../../runtime/event";
import { redactHeaders } from "../../../runtime/redact";
import { httpEvent } from "../../support/aws-events";

const read = (parts: Parameters<typeof httpEvent>[0]) => incomingRequest(httpEvent(parts), 5);
const id = (headers: Record<string, string>) => deliveryId(read({ headers }));

describe("an incoming request", () => {
  it("is decoded from base64 to the exact bytes", () => {
    const raw = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a]);
    assert.deepEqual(read({ body: raw }).raw, raw);
  });

  it("has text as UTF-8, and no bytes where the body is missing", () => {
    assert.deepEqual(read({ body: "ü€😀" }).raw, Buffer.from("ü€😀"));
    assert.equal(read({}).raw.length, 0);
  });

  it("has lower-case header names and a content type", () => {
    const request = read({ headers: { "Content-Type": "text/xml", "X-A": "1" } });
    assert.deepEqual(request.headers, { "content-type": "text/xml", "x-a": "1" });
    assert.equal(request.contentType, "text/xml");
    assert.equal(read({}).contentType, null);
  });

  it("has repeated query parameters as arrays", () => {
    assert.deepEqual(read({ query: "a=1&b=x%20y&a=2" }).query, { a: ["1", "2"], b: "x y" });
  });

  it("has other names for fields that no document could hold", () => {
    const request = read({
      query: "_bsontype=x&a%00b=1",
      headers: { ["__proto__"]: "p", _bsontype: "ObjectId" },
    });
    assert.deepEqual(request.query, { "~_bsontype": "x", "a\uFFFDb": "1" });
    assert.deepEqual(request.headers, { "~__proto__": "p", "~_bsontype": "ObjectId" });
  });

  it("is received when the gateway says, else now", () => {
    assert.equal(read({ time: 1234 }).receivedAt.getTime(), 1234);
    assert.equal(read({ time: 0 }).receivedAt.getTime(), 5);
  });
});

describe("the delivery id", () => {
  const all = {
    "webhook-id": "w",
    "x-github-delivery": "g",
    "x-shopify-event-id": "s",
    "idempotency-key": "i",
  };

  it("comes from the first well-known header", () => {
    assert.equal(id(all), "w");
    assert.equal(id({ ...all, "webhook-id": "" }), "g");
    assert.equal(id({ "idempotency-key": "i", "x-shopify-event-id": "s" }), "s");
    assert.equal(id({ "Idempotency-Key": "i" }), "i");
  });

  it("is none when no header has one", () => {
    assert.equal(id({}), undefined);
    for (const none of ["", "   "]) assert.equal(id({ "webhook-id": none }), undefined);
    assert.equal(id({ "webhook-id": "x".repeat(200) }), "x".repeat(200));
  });

  it("is a hash where the text cannot stand in a URL or an index", () => {
    const odd = ["a b", "ü", "a\u0000", "x".repeat(201)].map((text) => id({ "webhook-id": text }));
    for (const each of odd) assert.match(String(each), /^sha256-[0-9a-f]{32}$/);
    assert.equal(new Set(odd).size, odd.length);
  });

  it("comes from where a rule says: header, query, JSON or form, several joined", () => {
    const from = (rule: string, body: string, contentType = "application/json") =>
      deliveryId(
        {
          headers: { "x-id": " h " },
          query: { q: "1", twice: ["a", "b"] },
          raw: Buffer.from(body),
          contentType,
        },
        [rule],
      );
    assert.equal(from("header:X-Id", ""), "h");
    assert.equal(from("query:q", ""), "1");
    assert.equal(from("query:twice", ""), undefined);
    assert.equal(from("body:/event/id", '{"event":{"id":7}}'), "7");
    assert.equal(from("body:/0/id", '[{"id":"a"}]'), "a");
    assert.equal(from("body:/a~1b", '{"a/b":"c"}'), "c");
    assert.equal(
      from("body:/Sid+body:/Status", "Sid=S1&Status=sent", "application/x-www-form-urlencoded"),
      "S1:sent",
    );
    const packed = { headers: { "content-encoding": "gzip" }, query: {}, contentType: "application/json" };
    assert.equal(deliveryId({ ...packed, raw: gzipSync('{"id":"z"}') }, ["body:/id"]), "z");
    assert.equal(deliveryId({ ...packed, raw: Buffer.from('{"id":"z"}') }, ["body:/id"]), "z");
    for (const body of ["", "null", "[]", "7", "{", '{"__proto__":1}'])
      assert.equal(from("body:/toString", body), undefined);
  });
});

describe("the redaction of headers", () => {
  it("hides secrets and keeps signatures", () => {
    const headers = {
      authorization: "Bearer s",
      "x-gitlab-token": "s",
      cookie: "s",
      "nami-probe": "s",
      "x-hub-signature-256": "sha256=1",
    };
    const shown = redactHeaders(headers);
    assert.deepEqual(shown, {
      authorization: "[redacted]",
      "x-gitlab-token": "[redacted]",
      cookie: "[redacted]",
      "nami-probe": "[redacted]",
      "x-hub-signature-256": "sha256=1",
    });
    assert.equal(headers.authorization, "Bearer s");
  });
});
