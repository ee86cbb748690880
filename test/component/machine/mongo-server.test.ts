import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { readMark } from "../../../local/mongo/data-folder";
import type { MongoEngine } from "../../../local/mongo/engine";
import { findMongoEngine } from "../../../local/mongo/find";
import { freePort } from "../../../local/mongo/free-port";
import { commandLineOf, recordedProcess } from "../../../local/mongo/process-record";
import { MongoServer } from "../../../local/mongo/server";
import { runCommand } from "../../../local/mongo/wire";

const home = resolve(process.env.NAMI_TEST_HOME ?? join(__dirname, "../../..", ".nami", "test-home"));

describe("a supervised Mongo server", function () {
  this.timeout(180_000);
  let dir: string;
  let port: number;
  let server: MongoServer;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "nami-server-"));
    port = await freePort();
    server = make();
  });
  afterEach(async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  const dataDir = () => join(dir, "db");
  const make = (password = "first", env: NodeJS.ProcessEnv = process.env, engine?: MongoEngine) =>
    new MongoServer({
      engine: async (format) => engine ?? findMongoEngine({ home, env, format }),
      dataDir: dataDir(),
      port,
      firstUser: () => ({ user: "nami", password }),
      pidFile: join(dir, "mongo.pid"),
      logFile: join(dir, "mongo.log"),
      lookMs: 100,
    });
  const until = async (state: string) => {
    for (let tries = 0; server.status().state !== state; tries++) {
      if (tries > 1500) throw new Error(JSON.stringify(server.status()));
      await sleep(10);
    }
  };
  const login = async (password: string) => {
    const client = new MongoClient(`mongodb://nami:${password}@127.0.0.1:${port}/?directConnection=true`);
    try {
      await client.db("admin").command({ ping: 1 });
    } finally {
      await client.close();
    }
  };

  it("finishes a first start that was interrupted", async () => {
    server.start();
    while (!existsSync(join(dataDir(), "WiredTiger"))) await sleep(5);
    const setUp = recordedProcess(join(dir, "mongo.pid"))!;
    assert.ok(!setUp.commandLine.includes("--auth"));
    await server.stop();
    assert.equal(commandLineOf(setUp.pid), "");
    assert.equal(readMark(dataDir()), undefined);
    server = make("second");
    server.start();
    await until("running");
    await login("second");
    const { format } = await findMongoEngine({ home, env: process.env });
    assert.equal(readMark(dataDir())?.format, format);
  });

  it("starts over a torso that no server can open", async () => {
    mkdirSync(dataDir(), { recursive: true });
    writeFileSync(join(dataDir(), "WiredTiger.wt"), "cut off");
    writeFileSync(join(dataDir(), "WiredTiger"), "WiredTiger");
    server.start();
    await until("running");
    await login("first");
  });

  it("does not take a process for ended whose command line is empty for a while", async () => {
    const real = await findMongoEngine({ home, env: process.env });
    const nameless =
      'process.title = ""; setTimeout(() => process.execve(process.argv[1], process.argv.slice(1), process.env), 400)';
    const engine: MongoEngine = {
      ...real,
      command: process.execPath,
      args: (place) => ["-e", nameless, "--", real.command, ...real.args(place)],
    };
    server = make("first", process.env, engine);
    server.start();
    await until("running");
    assert.equal(server.restarts, 0);
    await login("first");
  });

  it("leaves no process behind when it is stopped right after its start", async () => {
    server.start();
    await server.stop();
    await sleep(100);
    const { pid } = recordedProcess(join(dir, "mongo.pid")) ?? { pid: 0 };
    assert.equal(pid ? commandLineOf(pid) : "", "");
  });

  it("does not touch a process that only has the recorded number", async () => {
    writeFileSync(join(dir, "mongo.pid"), `${process.pid}\n`);
    server.start();
    await until("running");
    assert.notEqual(server.status().pid, process.pid);
    await login("first");
  });

  it("is started again when it answers and cannot work, with all that it has stored", async () => {
    server.start();
    await until("running");
    const { pid } = server.status();
    const client = new MongoClient(`mongodb://nami:first@127.0.0.1:${port}/?directConnection=true`);
    try {
      const events = client.db("nami").collection<{ _id: string; text?: string }>("events");
      await events.insertOne({ _id: "before" });
      // From now on each write to a file fails, as on a full disk.
      execFileSync("prlimit", ["--pid", String(pid), "--fsize=1:unlimited"]);
      await assert.rejects(events.insertOne({ _id: "lost", text: "x".repeat(100_000) }));
      await assert.rejects(events.findOne());
      const { ok } = await runCommand(port, { ping: 1 });
      assert.equal(ok, 1, "it does not even answer: nothing is proved");
      await until("starting");
      assert.match(
        server.status().error!,
        /^Mongo answered but could not read its data, and is started again \(/,
      );
      await until("running");
      assert.deepEqual([server.restarts, server.status().pid === pid], [1, false]);
      assert.deepEqual(await events.find().toArray(), [{ _id: "before" }]);
      await events.insertOne({ _id: "after" });
    } finally {
      await client.close();
    }
  });

  it("fails with the reason when no server can be had, and tells the log of one that dies", async () => {
    server = make("x", { PATH: "", NAMI_MONGO: "mongod" });
    server.start();
    await until("failed");
    assert.match(server.status().error ?? "", /mongod on the PATH: there is none/);
    await server.stop();
    rmSync(dataDir(), { recursive: true, force: true });
    writeFileSync(dataDir(), "a file where the folder should be");
    server = make();
    server.start();
    await until("failed");
    assert.match(server.status().error ?? "", /EEXIST|not a directory|ended before it answered/);
  });
});
