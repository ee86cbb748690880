import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { postProbe } from "../../../cli/lifecycle/post-probe";
import { sendHttp } from "../../../cli/send-http";

/** Of the ports that `fetch` refuses, one that needs no rights. */
const BLOCKED = 10080;

describe("a request to a gateway", () => {
  let server: Server;
  const signal = new AbortController().signal;
  /** An address of this machine that no other run listens at. */
  const host = `127.${1 + (process.pid % 250)}.${1 + ((process.pid >> 8) % 250)}.${1 + (Date.now() % 250)}`;

  before(async () => {
    server = createServer(async (request, response) => {
      if (request.url === "/silent") return;
      const { method, headers } = request;
      response.statusCode = request.url === "/refused" ? 401 : 200;
      if (request.url === "/elsewhere") response.writeHead(302, { location: "/" });
      response.end(JSON.stringify({ method, length: headers["content-length"], body: await text(request) }));
    });
    await new Promise<void>((done) => server.listen(BLOCKED, host, done));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const url = (path = "/") => `http://${host}:${(server.address() as AddressInfo).port}${path}`;
  const ask = (path: string, more: { method?: string; body?: string; patience?: number } = {}) =>
    sendHttp(url(path), { ...{ method: "POST", headers: {}, patience: 5_000, signal }, ...more });

  it("reaches a port that fetch refuses, with its whole body", async () => {
    await assert.rejects(fetch(url()), (error: Error) => /bad port/.test((error.cause as Error).message));
    const answer = await ask("/", { body: "ümläut" });
    assert.deepEqual([answer.status, answer.ok], [200, true]);
    assert.deepEqual(JSON.parse(answer.text), { method: "POST", length: "8", body: "ümläut" });
    const probed = await postProbe(url(), "signed", signal);
    assert.equal(probed.ok, true);
    assert.match(probed.text, /^It answered 200: .*probe/);
  });

  it("answers a refusal and a redirect as they are", async () => {
    assert.deepEqual([(await ask("/refused")).status, (await ask("/refused")).ok], [401, false]);
    assert.deepEqual([(await ask("/elsewhere")).status, (await ask("/elsewhere")).ok], [302, false]);
  });

  it("ends with what hindered it: nobody there, no answer in time, or the caller", async () => {
    const nobody = `http://${host}:1/`;
    await assert.rejects(ask("/silent", { patience: 50 }), { name: "TimeoutError" });
    assert.match((await postProbe(nobody, "signed", signal)).text, /^No answer: connect ECONNREFUSED/);
    await assert.rejects(postProbe(url("/silent"), "signed", AbortSignal.timeout(50)), {
      name: "TimeoutError",
    });
    const stopped = sendHttp(url("/silent"), {
      ...{ method: "GET", headers: {}, patience: 5_000 },
      signal: AbortSignal.abort(new Error("stopped by hand")),
    });
    await assert.rejects(stopped, { name: "AbortError" });
  });
});
