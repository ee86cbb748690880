import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type EventFacts, toEvent } from "../../../../../local/host/gateway/event";
import { incomingRequest } from "../../../../../runtime/event";

const facts = {
  apiId: "abc",
  region: "eu-central-1",
  stage: "$default",
  requestId: "r1",
  now: 0,
  match: { route: { routeKey: "ANY /demo" } },
} as EventFacts;

/** What the function makes of what the gateway makes of a request. */
function through(body: Buffer, headers: Record<string, string>) {
  const rawHeaders = Object.entries(headers).flat();
  const socket = { remoteAddress: "127.0.0.1", localPort: 80 };
  const request = { url: "/demo", method: "POST", httpVersion: "1.1", rawHeaders, socket };
  const event = toEvent(request as unknown as IncomingMessage, body, facts);
  return { event, request: incomingRequest(JSON.parse(JSON.stringify(event)), 0) };
}

describe("a body on its way through the gateway", () => {
  const json = Buffer.from('{"a":"é"}');
  const bodies: [string, Buffer][] = [
    ["gzip", gzipSync(json)],
    ["br", brotliCompressSync(json)],
    ["deflate", deflateSync(json)],
    ["gzip", json],
  ];
  for (const [encoding, body] of bodies) {
    it(`keeps its bytes and its header with the encoding ${encoding} (${body.length} bytes)`, () => {
      const { request } = through(body, { "Content-Type": "application/json", "Content-Encoding": encoding });
      assert.deepEqual(request.raw, body);
      assert.equal(request.headers["content-encoding"], encoding);
    });
  }

  it("is base64 when it is gzip, whatever its type", () => {
    for (const type of ["application/json", "text/plain"])
      assert.equal(through(gzipSync(json), { "content-type": type }).event.isBase64Encoded, true);
  });
});
