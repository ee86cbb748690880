import assert from "node:assert/strict";
import { eventDocument, probeDocument } from "../../../runtime/document";
import { decodeMessage } from "../../../runtime/message";
import { message } from "../../support/messages";

const at = { now: 7000, attempts: 2 };

function documentOf(raw: string | Buffer, overrides: Parameters<typeof message>[0] = {}) {
  const { meta, raw: bytes } = decodeMessage(message(overrides, raw));
  return eventDocument(meta, bytes, at);
}

describe("the stored document", () => {
  it("has everything of the event that came in", () => {
    assert.deepEqual(documentOf('{"a":1}'), {
      _id: "demo:d1",
      name: "demo",
      requestId: "request-1",
      receivedAt: new Date("2026-11-22T10:00:00.000Z"),
      storedAt: new Date(7000),
      request: { method: "POST", path: "/demo", query: {}, headers: {}, sourceIp: "203.0.113.7" },
      contentType: "application/json",
      raw: Buffer.from('{"a":1}'),
      body: { a: 1 },
      verified: { scheme: "none", keyIndex: null },
      attempts: 2,
      duplicates: 0,
    });
  });

  it("has the bytes and a reason where there is no body", () => {
    const document = documentOf('{"a":1,"a":2}');
    assert.equal("body" in document, false);
    assert.match(document.bodyError!, /same key twice/);
    assert.equal(document.raw.toString(), '{"a":1,"a":2}');
  });

  it("of an empty body has zero bytes and neither body nor reason", () => {
    const document = documentOf("");
    assert.equal(document.raw.length, 0);
    assert.equal("body" in document || "bodyError" in document, false);
  });

  it("leaves out a body that would take it past 16 MiB", () => {
    const { meta } = decodeMessage(message());
    const raw = Buffer.from(`[${'"ab",'.repeat(990_000)}0]`);
    const document = eventDocument(meta, raw, at);
    assert.match(document.bodyError!, /16 MiB/);
    assert.equal(document.body, undefined);
  });

  it("of a probe is marked, without a body", () => {
    const { meta } = decodeMessage(message({ probe: { nonce: "n", deadline: 1 } }));
    const document = probeDocument(meta, "n", at);
    assert.equal(document._id, "demo:probe:n");
    assert.equal(document.probe, true);
    assert.equal(document.body, undefined);
  });
});
