import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { clientSettings } from "../../cli/operate/client-settings";
import type { Operator } from "../../cli/operate/operator";
import type { Status } from "../../cli/operate/status-facts";
import { controlRequest } from "../../local/host/client";
import { paths } from "../../local/paths";
import type { HostStatus, ResourceRecord } from "../../local/protocol";
import { makeHome, type TestHome } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, storedEvents, up } from "../support/nami";
import { operatorOf } from "../support/operate";
import { postAll } from "../support/post";

/** An event that fails once becomes a dead letter; 10 s are enough for a good one, also on a busy machine. */
const ONE_TRY = ["--post-queue-timeout", "10s", "--max-receives", "1"];
/** As above, and within 20 s: for events that always fail. */
const FAIL_SOON = ["--post-queue-timeout", "3s", "--max-receives", "1"];
const EVENTS = 20;

const POISON = 'export default async () => { throw new Error("cannot digest"); };\n';

describe("a MongoDB that is away", function () {
  this.timeout(600_000);
  let home: DemoHome;
  let url: string;
  let operator: Operator;
  /** Its process. */
  let mongo: number | undefined;
  let stopped = false;

  const status = () => json<Status>(home.dir, ["status", "demo"]);
  const payloads = (prefix: string) =>
    Array.from({ length: EVENTS }, (_, i) => ({ id: `${prefix}-${i}`, body: Buffer.from(`{"i":${i}}`) }));

  beforeEach(async () => {
    home = await demoHome();
    url = home.url;
    operator = await operatorOf(home.dir, "demo");
    const host = await json<HostStatus>(home.dir, ["host", "status"]);
    mongo = Object.values(host.mongo)[0]!.pid!;
  });
  afterEach(async () => {
    operator?.close();
    if (mongo && stopped) process.kill(mongo, "SIGCONT");
    stopped = false;
    await home?.close();
  });

  it("stops delivery until it answers again: events wait, over a restart of the host, and all are stored", async () => {
    await up(home.dir, "demo", ...ONE_TRY);
    process.kill(mongo!, "SIGSTOP");
    stopped = true;
    const { did, health } = await operator.watch("round");
    assert.deepEqual([did, health.answers], ["paused", false]);
    const answers = await postAll(url, payloads("away"));
    assert.ok(answers.every(({ status: code }) => code === 200));
    // None is in flight: nobody tries one.
    const { queue, deadLetters, worker, mongo: store, problems } = await status();
    assert.deepEqual([queue?.visible, queue?.inFlight, deadLetters, store.answers], [EVENTS, 0, 0, false]);
    assert.match(worker.paused!.reason, /MongoDB at 127\.0\.0\.1:\d+ did not answer/);
    assert.match(problems.join(), /^store: MongoDB at/);
    assert.match((await ok(home.dir, ["status", "demo"])).out, /worker +paused by the watchdog/);

    // Program and pipeline do not differ for it.
    assert.deepEqual((await json<{ changes: object }>(home.dir, ["preview", "demo"])).changes, {});

    // A `down` is refused at once, and leaves everything as it was.
    const { code, err } = await nami(home.dir, ["down", "demo"]);
    assert.equal(code, 1);
    assert.match(err, /error\[DELIVERY_PAUSED\].*MongoDB at/);
    assert.doesNotMatch(err, /Closing the way in/);
    assert.equal((await postAll(url, payloads("again")))[0]!.status, 200);

    // The pause outlives a restart of the host. A round of the clock's own would see MongoDB answer, and let the worker work.
    const permissions = { type: "aws:lambda/permission:Permission" };
    const found = await controlRequest<ResourceRecord[]>(home.dir, "/resources/list", permissions);
    const { urn, id, type } = found.find((each) => each.urn.endsWith("::nami-demo-watchdog"))!;
    await controlRequest(home.dir, "/resources/delete", { urn, id, type });
    const stopping = ok(home.dir, ["host", "stop"]);
    const gone = await eventually(
      async () => !existsSync(paths.hostFile(home.dir)),
      (is) => is,
      60,
    );
    assert.ok(gone);
    process.kill(mongo!, "SIGCONT");
    stopped = false;
    await stopping;
    await ok(home.dir, ["host", "start"]);
    operator.close();
    operator = await operatorOf(home.dir, "demo");
    const { state } = await operator.mapping();
    assert.equal(state, "Disabled");

    // The watchdog takes delivery up again.
    const settled = await eventually(
      () => operator.watch("round"),
      ({ pause }) => pause.by === null,
      60,
    );
    assert.equal(settled.pause.by, null);
    const stored = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length === 2 * EVENTS,
      60,
    );
    assert.equal(stored.length, 2 * EVENTS);
    assert.equal((await status()).deadLetters, 0);
  });

  it("leaves a mapping stopped that a person has stopped, and up says so", async () => {
    const { mappingId } = operator.deployment;
    const lambda = new LambdaClient(await clientSettings(operator.deployment));
    const turn = (Enabled: boolean) =>
      lambda.send(new UpdateEventSourceMappingCommand({ UUID: mappingId, Enabled }));
    try {
      await turn(false);
      assert.equal((await operator.watch("round")).did, "nothing");
      const { out } = await ok(home.dir, ["up", "demo"]);
      assert.match(out, /Not tested to the end: delivery to the worker is paused/);
      assert.equal((await operator.mapping()).state, "Disabled");
      await turn(true);
    } finally {
      lambda.destroy();
    }
  });
});

describe("an alarm", function () {
  this.timeout(300_000);
  let home: TestHome;
  afterEach(() => home?.close());

  const alarms = async () => (await json<Status>(home.dir, ["status", "demo"])).alarms!;
  const ringing = async () => (await alarms()).filter(({ state }) => state === "ALARM");

  it("goes off within seconds of a dead letter; status, ls and a mail say so", async () => {
    // Not a copy, whose alarms have a past.
    home = await makeHome();
    const file = join(home.dir, "poison.ts");
    writeFileSync(file, POISON);
    const flags = [...FAIL_SOON, "--post-queue", file, "--alarm-email", "me@example.com"];
    const url = await up(home.dir, "demo", ...flags);
    assert.equal((await alarms()).length, 10);
    assert.deepEqual(await ringing(), []);
    await postAll(url, [{ id: "bad", body: Buffer.from("{}") }]);
    const [alarm] = await eventually(ringing, (all) => all.length > 0, 180);
    assert.match(alarm!.name, /^nami-demo-dead-letters-/);
    const { out } = await ok(home.dir, ["status", "demo"]);
    assert.match(out, /alarms +.*ago.*: Events of demo could not be stored and are in the dead-letter queue/);
    const [row] = await json<{ alarms: string[] }[]>(home.dir, ["ls"]);
    assert.deepEqual(row!.alarms, [alarm!.name]);
    const mails = join(paths.host(home.dir), "mail");
    const texts = readdirSync(mails).map((mail) => readFileSync(join(mails, mail), "utf8"));
    assert.ok(texts.some((text) => /To: me@example\.com/.test(text) && /nami-demo-dead-letters/.test(text)));
  });

  it("is not set by an up with --alarms off", async () => {
    home = await demoHome();
    await up(home.dir, "demo", "--alarms", "off");
    assert.deepEqual(await alarms(), []);
    assert.match((await ok(home.dir, ["status", "demo"])).out, /alarms +off/);
  });
});
