import assert from "node:assert/strict";
import { incomingRequest } from "../../../runtime/event";
import { redactHeaders } from "../../../runtime/redact";
import { httpEvent } from "../../support/aws-events";

const read = (parts: Parameters<typeof httpEvent>[0]) => incomingRequest(httpEvent(parts), 5);
const id = (headers: Record<string, string>) => read({ headers }).id;

describe("incomingRequest", () => {
  it("decodes base64 to the exact bytes", () => {
    const raw = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a]);
    assert.deepEqual(read({ body: raw }).raw, raw);
  });

  it("takes text as UTF-8, and a missing body as no bytes", () => {
    assert.deepEqual(read({ body: "ü€😀" }).raw, Buffer.from("ü€😀"));
    assert.equal(read({}).raw.length, 0);
  });

  it("lower-cases header names and knows the content type", () => {
    const request = read({ headers: { "Content-Type": "text/xml", "X-A": "1" } });
    assert.deepEqual(request.headers, { "content-type": "text/xml", "x-a": "1" });
    assert.equal(request.contentType, "text/xml");
    assert.equal(read({}).contentType, null);
  });

  it("keeps repeated query parameters as arrays", () => {
    assert.deepEqual(read({ query: "a=1&b=x%20y&a=2" }).query, { a: ["1", "2"], b: "x y" });
  });

  it("renames fields that would make the document impossible to store", () => {
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

  it("is the gateway's request id when no header is usable", () => {
    assert.equal(id({}), "request-1");
    for (const odd of ["", "   ", "a b", "ü", "a\u0000", "x".repeat(201)])
      assert.equal(id({ "webhook-id": odd }), "request-1");
    assert.equal(id({ "webhook-id": "x".repeat(200) }), "x".repeat(200));
  });
});

describe("redactHeaders", () => {
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
