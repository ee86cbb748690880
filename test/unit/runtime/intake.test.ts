import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import keepEvery from "../../../runtime/default-pre-queue";
import type { PreQueueHandler } from "../../../runtime/handlers";
import { intake } from "../../../runtime/intake";
import { decodeMessage } from "../../../runtime/message";
import { LINES_A_MINUTE, MinuteBudget } from "../../../runtime/minute-budget";
import { signProbe } from "../../../runtime/probe";
import { QueueError } from "../../../runtime/queue-error";
import { Rejections } from "../../../runtime/rejections";
import type { PreQueueSettings } from "../../../runtime/settings";
import { type Preset, Undecided } from "../../../runtime/verify/preset";
import apiKey from "../../../runtime/verify/presets/api-key";
import dropbox from "../../../runtime/verify/presets/dropbox";
import eventGrid from "../../../runtime/verify/presets/event-grid";
import github from "../../../runtime/verify/presets/github";
import none from "../../../runtime/verify/presets/none";
import { httpEvent } from "../../support/aws-events";
import { recordedLog } from "../../support/recorded-log";
import { numbered, verifierOf } from "../../support/signed";

const NOW = 1_700_000_000_000;

interface Setup {
  handler?: PreQueueHandler;
  maxMessageBytes?: number;
  preset?: Preset;
  secrets?: string[];
  settings?: Partial<PreQueueSettings>;
  send?: (message: string) => Promise<void>;
}

function setup({
  handler = keepEvery,
  maxMessageBytes = 1_048_576,
  preset = none,
  secrets = [],
  settings = {},
  send,
}: Setup = {}) {
  const { log, lines } = recordedLog();
  const sent: string[] = [];
  const ports = {
    settings: { name: "demo", maxMessageBytes, verification: { scheme: preset.name }, ...settings },
    verifier: verifierOf(preset, numbered(...secrets), {}, settings.verification),
    ownHandler: handler !== keepEvery,
    budget: new MinuteBudget(LINES_A_MINUTE),
    rejections: new Rejections({
      log,
      budget: new MinuteBudget(LINES_A_MINUTE),
      now: () => NOW,
      secrets,
      secretPlaces: [],
    }),
    probeKey: "probe-key",
    send: send ?? (async (message: string) => void sent.push(message)),
    handler,
    now: () => NOW,
    log,
  };
  return { sent, lines, ask: (parts: Parameters<typeof httpEvent>[0]) => intake(httpEvent(parts), ports) };
}

describe("intake", () => {
  it("queues the exact bytes and answers 200 with the delivery id", async () => {
    const { ask, sent } = setup();
    const raw = Buffer.from([0, 0xff, 10]);
    const answer = await ask({
      body: raw,
      headers: { "webhook-id": "w1", authorization: "Bearer s" },
      query: "a=1",
    });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.body, '{"ok":true,"id":"w1"}');
    assert.equal(answer.headers?.["content-type"], "application/json");
    const { meta, raw: queued } = decodeMessage(sent[0]!);
    assert.deepEqual(queued, raw);
    assert.deepEqual(meta, {
      v: 1,
      id: "w1",
      requestId: "request-1",
      name: "demo",
      receivedAt: new Date(NOW).toISOString(),
      request: {
        method: "POST",
        path: "/demo",
        query: { a: "1" },
        headers: { "webhook-id": "w1", authorization: "[redacted]" },
        sourceIp: "203.0.113.7",
      },
      contentType: null,
      verified: { scheme: "none", keyIndex: null },
      encoding: "base64",
    });
  });

  it("queues POST, PUT, PATCH and DELETE only", async () => {
    const { ask, sent } = setup();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      assert.equal((await ask({ method })).statusCode, 200);
    const get = await ask({ method: "GET" });
    assert.equal(get.statusCode, 405);
    assert.match(String(get.headers?.allow), /POST, PUT, PATCH, DELETE/);
    const head = await ask({ method: "HEAD" });
    assert.equal(head.statusCode, 200);
    assert.equal(head.body, undefined);
    const options = await ask({ method: "OPTIONS" });
    assert.equal(options.statusCode, 204);
    assert.match(String(options.headers?.allow), /POST/);
    assert.equal(sent.length, 4);
  });

  it("answers 503 with Retry-After when the queue refuses, and logs AWS's words", async () => {
    const error = new QueueError(
      "AccessDenied",
      "User: x is not authorized to perform: sqs:SendMessage",
      false,
      403,
    );
    const { ask, lines } = setup({ send: () => Promise.reject(error) });
    const answer = await ask({ body: "x" });
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers?.["retry-after"], "5");
    assert.equal(answer.body, '{"ok":false,"code":"NOT_QUEUED"}');
    assert.equal(lines.length, 1);
    assert.equal(lines[0]!.fields.awsCode, "AccessDenied");
    assert.match(String(lines[0]!.fields.error), /sqs:SendMessage/);
  });

  it("answers 413 with the reason when the message would be too large", async () => {
    const { ask, sent } = setup({ maxMessageBytes: 300 });
    const answer = await ask({ body: "x".repeat(1000) });
    assert.equal(answer.statusCode, 413);
    assert.match(JSON.parse(answer.body!).message, /bytes; the limit is 300/);
    assert.equal(sent.length, 0);
  });

  it("answers 401 and queues nothing when the request is not verified", async () => {
    const { ask, sent, lines } = setup({ preset: github, secrets: ["s3cret"] });
    const answer = await ask({ body: "has s3cret in it", headers: { "x-hub-signature-256": "sha256=00" } });
    assert.equal(answer.statusCode, 401);
    assert.equal(answer.body, '{"ok":false,"code":"NOT_VERIFIED"}');
    assert.equal(sent.length, 0);
    const { fields } = lines[0]!;
    assert.equal(fields.code, "NOT_VERIFIED");
    assert.match(String(fields.reason), /does not fit/);
    assert.equal(fields.body, "has [redacted] in it");
  });

  it("queues no header and no parameter that is the secret", async () => {
    const key = setup({ preset: apiKey, secrets: ["s3cret"] });
    assert.equal((await key.ask({ body: "x", headers: { authorization: "s3cret" } })).statusCode, 200);
    const grid = setup({ preset: eventGrid, secrets: ["s3cret"] });
    assert.equal((await grid.ask({ body: "[]", query: "code=s3cret&a=1" })).statusCode, 200);
    for (const [message] of [key.sent, grid.sent]) assert.doesNotMatch(message!, /s3cret/);
    assert.deepEqual(decodeMessage(grid.sent[0]!).meta.request.query, { code: "[redacted]", a: "1" });
  });

  it("answers 503 when it cannot tell, so that the sender asks again", async () => {
    const unsure = {
      ...none,
      check: () => {
        throw new Undecided("the certificate cannot be fetched");
      },
    };
    const { ask, sent } = setup({ preset: unsure });
    const answer = await ask({ body: "x" });
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers?.["retry-after"], "5");
    assert.equal(answer.body, '{"ok":false,"code":"NOT_DECIDED"}');
    assert.equal(sent.length, 0);
  });

  it("answers no handshake to an address that is not listed", async () => {
    const settings = { verification: { scheme: "dropbox", ips: "192.0.2.0/24" } };
    const { ask } = setup({ preset: dropbox, secrets: ["s"], settings });
    assert.equal((await ask({ method: "GET", query: "challenge=abc" })).statusCode, 401);
  });

  it("says 405 to what no handler of the user's could answer, without asking for a signature", async () => {
    const github405 = setup({ preset: github, secrets: ["s"] });
    assert.equal((await github405.ask({ method: "GET" })).statusCode, 405);
    const own = setup({ handler: (_event, { respond }) => respond(200, "here") });
    assert.equal((await own.ask({ method: "GET" })).body, "here");
  });

  it("answers a queued event as the deployment says, and nothing else so", async () => {
    const success = { status: 202, body: "<ok/>", contentType: "text/xml" };
    const { ask } = setup({ settings: { success } });
    const answer = await ask({ body: "x" });
    assert.equal(answer.statusCode, 202);
    assert.equal(answer.body, "<ok/>");
    assert.equal(answer.headers?.["content-type"], "text/xml");
    const failing = setup({ settings: { success }, send: () => Promise.reject(new Error("down")) });
    assert.equal((await failing.ask({ body: "x" })).statusCode, 503);
    const empty = await setup({ settings: { success: { status: 204 } } }).ask({ body: "x" });
    assert.deepEqual([empty.statusCode, empty.body], [204, undefined]);
    const bare = await setup({ settings: { success: { status: 202 } } }).ask({ body: "x" });
    assert.equal(bare.statusCode, 202);
    assert.match(String(bare.body), /"ok":true/);
  });

  it("answers with a body of the deployment's own under the provider's type, and not its status", async () => {
    const presets = { ...none, success: { status: 204, body: "", contentType: "text/xml" } };
    const success = { body: '{"type":5}', contentType: "application/json" };
    const own = await setup({ preset: presets, settings: { success } }).ask({ body: "x" });
    assert.deepEqual([own.statusCode, own.body], [200, '{"type":5}']);
    assert.equal(own.headers?.["content-type"], "application/json");
    const text = await setup({ preset: presets, settings: { success: { body: "ok" } } }).ask({ body: "x" });
    assert.deepEqual([text.statusCode, text.headers?.["content-type"]], [200, "text/xml"]);
    const status = await setup({ preset: presets, settings: { success: { status: 201 } } }).ask({
      body: "x",
    });
    assert.deepEqual([status.statusCode, status.headers?.["content-type"]], [201, "text/xml"]);
  });

  it("tells with Allow of every method that may be answered", async () => {
    const allowed = async (given: Setup) => (await setup(given).ask({ method: "OPTIONS" })).headers?.allow;
    const events = "POST, PUT, PATCH, DELETE, HEAD, OPTIONS";
    assert.equal(await allowed({ preset: github, secrets: ["s"] }), events);
    assert.equal(await allowed({ preset: dropbox, secrets: ["s"] }), `GET, ${events}`);
    assert.equal(await allowed({ handler: (_, { respond }) => respond(200) }), `GET, ${events}`);
    const verification = { scheme: "none", echo: "query:challenge" };
    assert.equal(await allowed({ settings: { verification } }), `GET, ${events}`);
    assert.equal((await setup({ preset: dropbox }).ask({ method: "GET" })).statusCode, 405);
  });
});

describe("a challenge that is to be sent back", () => {
  const settings = { verification: { scheme: "github", echo: "body:/challenge" } };
  const body = '{"challenge":"abc"}';
  const signature = `sha256=${createHmac("sha256", "s").update(body).digest("hex")}`;
  const github200 = (given: Setup = {}) => setup({ preset: github, secrets: ["s"], settings, ...given });

  it("is sent back to whoever asks, and queues nothing", async () => {
    const { ask, sent } = github200();
    const { statusCode, body: said } = await ask({ body });
    assert.deepEqual([statusCode, said, sent.length], [200, "abc", 0]);
    assert.equal((await ask({ body: "{}" })).statusCode, 401);
  });

  it("does not keep a verified event that has such a field from the queue", async () => {
    const { ask, sent } = github200();
    const headers = { "x-hub-signature-256": signature };
    assert.equal((await ask({ body, headers })).body, "abc");
    assert.equal(sent.length, 1);
    const dropping = github200({ handler: (_, { drop }) => drop("no order") });
    assert.equal((await dropping.ask({ body, headers })).body, "abc");
    const own = github200({ handler: (_, { respond }) => respond(202, "own") });
    assert.equal((await own.ask({ body, headers })).body, "own");
    const failing = github200({ send: () => Promise.reject(new Error("down")) });
    assert.equal((await failing.ask({ body, headers })).statusCode, 503);
  });

  it("is answered 503 while it cannot be told whether it is an event", async () => {
    const check = () => {
      throw new Undecided("the certificate cannot be fetched");
    };
    assert.equal((await github200({ preset: { ...none, check } }).ask({ body })).statusCode, 503);
  });

  it("needs no signature where it is no event", async () => {
    const verification = { scheme: "github", echo: "query:challenge" };
    const { ask } = github200({ settings: { verification } });
    const { statusCode, body: said } = await ask({ method: "GET", query: "challenge=abc" });
    assert.deepEqual([statusCode, said], [200, "abc"]);
  });
});

describe("a probe at the intake", () => {
  const header = (key: string, deadline: number) => ({
    "Nami-Probe": signProbe(key, { name: "demo", nonce: "n", deadline }),
  });

  it("passes before verification and user code, with its nonce and deadline", async () => {
    let called = false;
    const handler = () => {
      called = true;
    };
    const { ask, sent } = setup({ preset: github, handler });
    assert.equal((await ask({ headers: header("probe-key", NOW + 1) })).statusCode, 200);
    const { meta } = decodeMessage(sent[0]!);
    assert.deepEqual(meta.probe, { nonce: "n", deadline: NOW + 1 });
    assert.equal(meta.verified.scheme, "probe");
    assert.equal(meta.request.headers["nami-probe"], "[redacted]");
    assert.equal(called, false);
  });

  it("is refused with 401 when forged or late, whatever the scheme", async () => {
    const { ask, sent } = setup();
    for (const headers of [header("wrong", NOW + 1), header("probe-key", NOW), { "nami-probe": "" }]) {
      assert.equal((await ask({ headers })).statusCode, 401);
    }
    assert.equal(sent.length, 0);
  });
});

describe("pre-queue user code", () => {
  it("sees the request with its secrets and its parsed body, and cannot change what is queued", async () => {
    const seen: unknown[] = [];
    const { ask, sent } = setup({
      handler: (event) => {
        seen.push(
          event.body,
          event.body,
          event.headers.authorization,
          event.raw.toString(),
          event.method,
          event.query,
        );
        event.raw.fill(0);
        event.headers["x-new"] = "1";
        return event;
      },
    });
    await ask({
      body: '{"a":1}',
      headers: { authorization: "Basic s", "content-type": "application/json" },
      query: "q=1",
    });
    assert.deepEqual(seen, [{ a: 1 }, { a: 1 }, "Basic s", '{"a":1}', "POST", { q: "1" }]);
    const { meta, raw } = decodeMessage(sent[0]!);
    assert.equal(raw.toString(), '{"a":1}');
    assert.equal(meta.request.headers["x-new"], undefined);
  });

  it("may drop an event: 200, logged, not queued", async () => {
    const { ask, sent, lines } = setup({ handler: (_, { drop }) => drop("a ping") });
    const answer = await ask({ body: "x" });
    assert.deepEqual(JSON.parse(answer.body!), { ok: true, id: "request-1", dropped: true });
    assert.equal(sent.length, 0);
    assert.equal(lines[0]!.fields.reason, "a ping");
  });

  it("may answer itself, a GET handshake too", async () => {
    const { ask, sent } = setup({
      handler: (event, { respond }) => respond(200, String(event.query["hub.challenge"]), { "x-a": "1" }),
    });
    const answer = await ask({ method: "GET", query: "hub.challenge=42" });
    assert.deepEqual([answer.statusCode, answer.body, answer.headers?.["x-a"]], [200, "42", "1"]);
    assert.equal(sent.length, 0);
  });

  it("may answer with an object or bytes", async () => {
    const json = await setup({ handler: (_, { respond }) => respond(201, { a: 1 }) }).ask({});
    assert.deepEqual([json.statusCode, json.body], [201, '{"a":1}']);
    const bytes = await setup({ handler: (_, { respond }) => respond(200, Buffer.from([255])) }).ask({});
    assert.deepEqual([bytes.body, bytes.isBase64Encoded], ["/w==", true]);
  });

  it("that throws, or answers a status that is none, makes the sender try again", async () => {
    const thrower = () => Promise.reject(new Error("cannot"));
    for (const handler of [
      thrower,
      (_: unknown, tools: { respond(status: number): void }) => tools.respond(42),
    ]) {
      const { ask, sent, lines } = setup({ handler });
      assert.equal((await ask({ body: "x" })).statusCode, 500);
      assert.equal(sent.length, 0);
      assert.equal(lines[0]!.fields.code, "HANDLER_FAILED");
    }
  });
});
