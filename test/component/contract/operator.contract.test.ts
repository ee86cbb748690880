import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { BSON } from "mongodb";
import type { StoredEvent } from "../../../cli/display/event-text";
import { wholeEvent } from "../../../cli/operate/stored-events";
import { bundleHandler } from "../../../infra/bundle";
import { createHandler } from "../../../runtime/operator";
import { encodeMessages } from "../../../runtime/split";
import { createStore, type Store } from "../../../runtime/store";
import { work } from "../../../runtime/work";
import { sqsEvent } from "../../support/aws-events";
import { freePort } from "../../support/home";
import { LIMIT, message, messageFacts } from "../../support/messages";
import { startMongo, type TestMongo } from "../../support/mongo";
import { recordedLog } from "../../support/recorded-log";

const settings = { name: "demo", database: "nami" };
/** @param remaining milliseconds that are left of the invocation */
const contextWith = (remaining: number) => ({ getRemainingTimeInMillis: () => remaining }) as Context;

interface Page {
  events: { _id: string; raw: unknown; receivedAt: unknown; body?: unknown }[];
  next?: string;
}

/** The handler, made in an environment with this database; its client is handed to `made`, to be closed. */
function operatorOn(
  uri: string,
  made: (store: Store) => void,
  { remaining = 10_000, database = settings.database } = {},
) {
  const before = process.env.NAMI_MONGO_URI;
  process.env.NAMI_MONGO_URI = uri;
  const handler = createHandler({ ...settings, database }, (options) => {
    const store = createStore(options);
    made(store);
    return store;
  });
  if (before === undefined) delete process.env.NAMI_MONGO_URI;
  else process.env.NAMI_MONGO_URI = before;
  return (request: object) => handler(request as never, contextWith(remaining));
}

/** What Lambda does with a bundle, in a process of its own. */
const PING = `
const { createHandler } = require(process.argv[1]);
const context = { getRemainingTimeInMillis: () => 10000 };
createHandler(${JSON.stringify(settings)})({ action: "ping" }, context).then((pong) => {
  process.stdout.write(JSON.stringify(pong), () => process.exit(0));
});`;

describe("the operator", function () {
  this.timeout(60_000);
  let mongo: TestMongo;
  let store: Store;
  const stores: Store[] = [];
  let ask: (request: object) => Promise<unknown>;
  const { log } = recordedLog();
  const put = (...messages: string[]) => putInto(store, messages);
  const putInto = (into: Store, messages: string[]) =>
    work(sqsEvent(messages), {
      store: into,
      uri: mongo.uri,
      handler: (event, { deadLetter }) => {
        if (event._id === "demo:dead") deadLetter("why");
      },
      now: Date.now,
      remaining: () => 30_000,
      log,
    });

  /** A database of a test's own, so that what it adds changes no answer of another. */
  function fresh(database: string) {
    const into = createStore({ uri: mongo.uri, database, log, name: "demo" });
    stores.push(into);
    const askIt = operatorOn(mongo.uri, (made) => stores.push(made), { database });
    return { put: (...messages: string[]) => putInto(into, messages), ask: askIt };
  }

  before(async () => {
    mongo = await startMongo();
    store = createStore({ uri: mongo.uri, database: "nami", log, name: "demo" });
    ask = operatorOn(mongo.uri, (made) => stores.push(made));
    const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, second)).toISOString();
    const deadline = Date.now() + 60_000;
    // 5 and 6 came in the same millisecond.
    const events = Array.from({ length: 7 }, (_, i) =>
      message({ id: `e${i}`, receivedAt: at(Math.min(i, 5)) }, `{"i":${i}}`),
    );
    await put(...events);
    await put(
      message({ id: "e1", requestId: "again" }, '{"i":1}'),
      message({ id: "e2", requestId: "other" }, "{}"),
    );
    await put(message({ id: "dead" }), message({ id: "p", probe: { nonce: "n1", deadline } }));
    await put(message({ id: "foreign", name: "orders", receivedAt: at(59) }));
    const { parts } = await store.open(10_000);
    const data = Buffer.from("x");
    await parts.insertMany([
      { _id: "demo:r1:2", name: "demo", storedAt: new Date(at(0)), data },
      { _id: "demo:r1:0", name: "demo", storedAt: new Date(at(0)) },
      { _id: "demo:r2:1", name: "demo", storedAt: new Date(), data },
      { _id: "demo2:r1:1", name: "demo2", storedAt: new Date(at(0)), data },
    ]);
  });
  after(async () => {
    for (const open of [store, ...stores]) await open?.close();
    await mongo?.close();
  });

  it("answers a ping with the version of the server", async () => {
    const pong = (await ask({ action: "ping" })) as { ok: boolean; version: string; ms: number };
    assert.equal(pong.ok, true);
    assert.match(pong.version, /^\d+\.\d+/);
    assert.ok(pong.ms >= 0);
  });

  it("pages through the events of its name, newest first, each once, without probes", async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = (await ask({ action: "events", limit: 3, before })) as Page;
      assert.ok(page.events.length <= 3);
      seen.push(...page.events.map(({ _id }) => _id));
      before = page.next;
    } while (before);
    const plain = seen.filter((id) => !id.includes("~"));
    assert.deepEqual(plain, ["demo:e6", "demo:e5", "demo:e4", "demo:e3", "demo:e2", "demo:e1", "demo:e0"]);
    assert.equal(seen.length, 8, "and one conflict");
  });

  it("answers events as Extended JSON that keeps bytes and dates over JSON", async () => {
    const { event } = JSON.parse(JSON.stringify(await ask({ action: "event", id: "e3" })));
    const document = BSON.EJSON.deserialize(event) as unknown as {
      raw: BSON.Binary;
      receivedAt: Date;
      body: unknown;
    };
    assert.equal(Buffer.from(document.raw.value()).toString(), '{"i":3}');
    assert.deepEqual(document.receivedAt, new Date(Date.UTC(2026, 10, 22, 10, 0, 3)));
    assert.deepEqual(document.body, { i: 3 });
  });

  it("finds one event by its delivery id or its _id, and no other name's", async () => {
    const find = async (id: string) =>
      ((await ask({ action: "event", id })) as { event: { _id: string } | null }).event?._id;
    assert.equal(await find("e1"), "demo:e1");
    assert.equal(await find("demo:e1"), "demo:e1");
    assert.equal(await find("none"), undefined);
    assert.equal(await find("orders:foreign"), undefined);
    assert.equal(await find("demo:probe:n1"), undefined);
  });

  it("counts events, duplicates, conflicts, dead letters, and parts that others should have joined", async () => {
    assert.deepEqual(await ask({ action: "stats" }), {
      events: 8,
      duplicates: 1,
      conflicts: 1,
      deadLetters: 1,
      waitingParts: 1,
      lastEvent: { id: "demo:e6", receivedAt: "2026-11-22T10:00:05.000Z" },
    });
  });

  it("takes a stored probe away once", async () => {
    assert.deepEqual(await ask({ action: "takeProbe", nonce: "unknown" }), { found: false });
    assert.deepEqual(await ask({ action: "takeProbe", nonce: "n1" }), { found: true });
    assert.deepEqual(await ask({ action: "takeProbe", nonce: "n1" }), { found: false });
  });

  it("keeps a page below Lambda's 6 MB", async () => {
    const { put, ask } = fresh("below");
    const raw = () => randomBytes(700_000);
    const big = Array.from({ length: 9 }, (_, i) =>
      message({ id: `big${i}`, receivedAt: "2027-01-01T00:00:00.000Z" }, raw()),
    );
    await put(...big);
    const page = (await ask({ action: "events", limit: 100 })) as Page;
    assert.ok(page.next);
    assert.ok(page.events.length >= 4 && page.events.length < 9, String(page.events.length));
    assert.ok(JSON.stringify(page).length < 5_500_000);
  });

  it("refuses what it does not know", async () => {
    await assert.rejects(ask({ action: "dance" }), /not "dance"/);
    await assert.rejects(ask({ action: "events", before: "nonsense" }), /not the "next" of a page/);
  });

  it("says what did not answer, as an answer: an error of the function is a fault of its own", async () => {
    const port = await freePort();
    const lost = operatorOn(`mongodb://u:s3cret@127.0.0.1:${port}/`, (made) => stores.push(made), {
      remaining: 1000,
    });
    const { noAnswer } = (await lost({ action: "ping" })) as { noAnswer: string };
    assert.match(noAnswer, new RegExp(`^MongoDB at 127\\.0\\.0\\.1:${port} did not answer: (?!.*s3cret)`));
  });

  it("takes a MongoDB that answers and takes no write for one that does not answer: it stores no event either", async () => {
    const own = await startMongo({ name: "admin", password: "a" });
    try {
      const user = { createUser: "reader", pwd: "r", roles: [{ role: "read", db: "nami" }] };
      await own.client.db("admin").command(user);
      const reader = operatorOn(own.uri.replace("admin:a@", "reader:r@"), (made) => stores.push(made));
      const { events } = (await reader({ action: "events" })) as Page;
      assert.deepEqual(events, []);
      const health = (await reader({ action: "health" })) as { answers: boolean; reason: string };
      assert.equal(health.answers, false);
      assert.match(health.reason, /^MongoDB at 127\.0\.0\.1:\d+ refused the login: /);
      const writer = operatorOn(own.uri, (made) => stores.push(made));
      assert.equal(((await writer({ action: "health" })) as { answers: boolean }).answers, true);
    } finally {
      for (const open of stores.splice(-2)) await open.close();
      await own.close();
    }
  });

  it("leaves the compatibility of a server of another series alone", async () => {
    const { version } = (await ask({ action: "ping" })) as { version: string };
    assert.deepEqual(await ask({ action: "raiseCompatibility", series: "99.0" }), { version, raised: false });
  });

  it("raises nothing on a server that has no such command, and does not call it a failure", async () => {
    const { version } = (await ask({ action: "ping" })) as { version: string };
    const series = version.split(".").slice(0, 2).join(".");
    assert.deepEqual(await ask({ action: "raiseCompatibility", series }), { version, raised: false });
  });

  it("works from its bundle, in a folder without node_modules", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "nami-operator-"));
    try {
      const { path } = await bundleHandler({ kind: "operator", name: "demo", cwd });
      const env = { PATH: process.env.PATH, NAMI_MONGO_URI: mongo.uri };
      const pong = execFileSync(process.execPath, ["-e", PING, join(cwd, path)], { env, encoding: "utf8" });
      assert.equal(JSON.parse(pong).ok, true);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it("pages past events that are too large for an answer, and answers them in pieces", async () => {
    const { put, ask } = fresh("large");
    const large = Buffer.from(
      JSON.stringify({ list: Array.from({ length: 3000 }, (_, i) => `é${i}`.repeat(180)) }),
    );
    const bytes = randomBytes(4_400_000);
    const receivedAt = "2027-02-01T00:00:00.000Z";
    await put(...encodeMessages(messageFacts({ id: "large", receivedAt }), large, LIMIT));
    const binary = messageFacts({ id: "bytes", receivedAt, requestId: "b", contentType: null });
    await put(...encodeMessages(binary, bytes, LIMIT));
    const page = (await ask({ action: "events", limit: 2 })) as { events: StoredEvent[] };
    assert.ok(JSON.stringify(page).length < 100_000);
    assert.deepEqual(
      page.events.map(({ _id, abridged, raw }) => [_id, abridged?.rawBytes, raw === undefined]),
      [
        ["demo:large", large.length, true],
        ["demo:bytes", bytes.length, true],
      ],
    );
    const sizes: number[] = [];
    const invoke = async <T>(request: object) => {
      const text = JSON.stringify(await ask(request));
      sizes.push(text.length);
      return JSON.parse(text) as T;
    };
    const operator = { invoke, deployment: { name: "demo" } };
    const event = await wholeEvent(operator, "large");
    assert.deepEqual(event!.body, JSON.parse(large.toString()));
    assert.equal(Buffer.from(event!.raw!.$binary.base64, "base64").compare(large), 0);
    const other = await wholeEvent(operator, "demo:bytes");
    assert.equal(Buffer.from(other!.raw!.$binary.base64, "base64").compare(bytes), 0);
    assert.ok(Math.max(...sizes) < 6_000_000, `answers of ${sizes}`);
    assert.equal(await wholeEvent(operator, "none"), null);
  });
});
