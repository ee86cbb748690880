import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Args } from "../../../../cli/command";
import { Backend } from "../../../../cli/deployments/backend";
import { readDevMark } from "../../../../cli/deployments/dev-mark";
import { ownState } from "../../../../cli/deployments/state";
import { type Developed, type DevView, develop } from "../../../../cli/lifecycle/dev/develop";
import { takeLock } from "../../../../cli/lock";
import { main } from "../../../../cli/main";
import { bundleHandler } from "../../../../infra/bundle";
import { paths } from "../../../../local/paths";
import { zipArchive } from "../../../../local/provider/archive";
import type { CodedError } from "../../../../runtime/coded-error";
import { httpEvent } from "../../../support/aws-events";
import { type CapturedIo, capturedIo } from "../../../support/captured-io";
import { resources, type TestHost, testHost } from "../../../support/host";
import { Account, functionRole, types } from "../../../support/network";

const code = (answer: string) =>
  `export default (_: unknown, { respond }: any) => respond(200, "${answer}");\n`;
const args = { json: false, quiet: false, verbose: false, yes: false, name: "demo" } as Args;

describe("nami dev", function () {
  this.timeout(60_000);
  let local: TestHost;
  let file: string;
  let dir: string;
  let io: CapturedIo;
  let lives: number[];
  let problems: CodedError[];
  let running: Promise<Developed>;
  /** The function of this test. */
  let fn: string;
  let count = 0;

  const view: DevView = {
    watching: () => {},
    live: (_, ms) => lives.push(ms),
    problem: (_, error) => problems.push(error as CodedError),
    logs: async () => {},
  };
  const answer = async () =>
    JSON.parse((await local.host.services.functions.invoke(fn, JSON.stringify(httpEvent()))).payload).body;
  const mark = () => readDevMark(new Backend(local.home, io, ownState(local.home)), "demo");
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 1200 && !done(); i++) await new Promise((next) => setTimeout(next, 25));
    assert.ok(done(), problems.map(({ message }) => message).join("; "));
  };
  const begin = () => {
    running = develop(args, io, view);
    running.catch(() => {});
  };

  /** What an `up` leaves: the function, and a checkpoint with its outputs. */
  async function deploy(options: object): Promise<void> {
    const cwd = paths.work(local.home);
    mkdirSync(cwd, { recursive: true });
    const { path } = await bundleHandler({ kind: "pre-queue", name: "demo", userFile: file, cwd });
    const index = `exports.handler = require("./${path}").createHandler({ name: "demo", maxMessageBytes: 1000000, verification: { scheme: "none" } });`;
    const assets = { "__index.js": { text: index }, [path]: { text: readFileSync(join(cwd, path), "utf8") } };
    await resources(local).create(types.function, fn, {
      name: fn,
      role: await functionRole(new Account(local.home), "role", []),
      code: zipArchive({ assets }, "/"),
      handler: "__index.handler",
      runtime: "nodejs24.x",
      environment: { variables: { NAMI_PROBE_KEY: "k", NAMI_QUEUE_URL: "http://127.0.0.1:1/1/q" } },
    });
    keep(options);
  }

  function keep(options: object): void {
    const stacks = join(paths.state(local.home), ".pulumi", "stacks", "nami");
    mkdirSync(stacks, { recursive: true });
    const outputs = {
      ...{ name: "demo", target: "local", region: "us-east-1", url: "http://h/demo", options },
      preQueueFunction: fn,
    };
    const resources = [{ urn: "u", type: "pulumi:pulumi:Stack", outputs }];
    writeFileSync(
      join(stacks, "demo.json"),
      JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }),
    );
  }

  before(async () => {
    local = await testHost();
    dir = realpathSync(mkdtempSync(join(tmpdir(), "nami-dev-")));
    file = join(dir, "index.ts");
  });
  beforeEach(async () => {
    fn = `nami-demo-pre-queue-${++count}`;
    writeFileSync(file, code("one"));
    rmSync(join(paths.state(local.home), ".nami"), { recursive: true, force: true });
    await deploy({ preQueue: file });
    io = capturedIo({ env: { NAMI_HOME: local.home } });
    lives = [];
    problems = [];
  });
  afterEach(async () => {
    io?.cancel();
    await running?.catch(() => {});
  });
  after(async () => {
    await local?.remove();
    rmSync(dir, { recursive: true, force: true });
  });

  it("leaves nothing behind when nothing changed", async () => {
    begin();
    await until(() => lives.length === 1);
    assert.ok(await mark());
    io.cancel();
    assert.deepEqual(await running, { name: "demo", changed: false });
    assert.deepEqual([lives, await mark()], [[0], undefined]);
  });

  it("puts a saved change live, keeps what runs when one is broken, and leaves its mark", async () => {
    begin();
    await until(() => lives.length === 1);
    writeFileSync(file, code("two"));
    await until(() => lives.length === 2);
    assert.equal(await answer(), "two");
    writeFileSync(file, "export default (");
    await until(() => problems.length === 1);
    assert.equal(problems[0]!.code, "HANDLER_INVALID");
    assert.equal(await answer(), "two");
    writeFileSync(file, code("three"));
    await until(() => lives.length === 3);
    assert.equal(await answer(), "three");
    io.cancel();
    assert.deepEqual(await running, { name: "demo", changed: true });
    assert.ok(await mark());
  });

  it("shows in ls, and keeps its mark with another edition after a run that changes nothing", async () => {
    begin();
    await until(() => lives.length === 1);
    writeFileSync(file, code("two"));
    await until(() => lives.length === 2);
    io.cancel();
    await running;
    const { edition } = (await mark())!;
    const listing = capturedIo({ env: { NAMI_HOME: local.home } });
    assert.equal(await main(["ls", "--json"], listing), 0);
    assert.equal(JSON.parse(listing.results())[0].state, "changed by dev");
    io = capturedIo({ env: { NAMI_HOME: local.home } });
    lives = [];
    begin();
    await until(() => lives.length === 1);
    io.cancel();
    assert.deepEqual(await running, { name: "demo", changed: true });
    assert.notEqual((await mark())!.edition, edition);
  });

  it("holds the name: it does not begin beside an up, nor an up beside it", async () => {
    const lock = takeLock({ home: local.home, name: "demo", command: "up demo", now: Date.now });
    try {
      await assert.rejects(develop(args, io, view), { code: "LOCKED" });
    } finally {
      lock.release();
    }
    begin();
    await until(() => lives.length === 1);
    const take = () => takeLock({ home: local.home, name: "demo", command: "up demo", now: Date.now });
    assert.throws(take, { code: "LOCKED" });
    io.cancel();
    await running;
    take().release();
  });

  it("refuses a name without code of the user's and says how to begin", async () => {
    keep({});
    await assert.rejects(develop(args, io, view), { code: "DEV_NO_CODE" });
    await assert.rejects(develop({ ...args, name: "gone" }, io, view), { code: "NAME_UNKNOWN" });
  });

  it("reports a missing part when its function is gone", async () => {
    await resources(local).remove(types.function, fn, fn);
    await assert.rejects(develop(args, io, view), { code: "PARTS_MISSING" });
  });
});
