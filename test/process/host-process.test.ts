import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findHost, hostStatus, startHost, stopHost } from "../../local/host/client";
import { paths } from "../../local/paths";
import { writeProviderLaunchers } from "../../local/provider/launchers";
import { built } from "../support/built";
import { resources } from "../support/host";

describe("the host as a process", function () {
  this.timeout(60_000);
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-daemon-"));
  });
  afterEach(async () => {
    await stopHost(home);
    rmSync(home, { recursive: true, force: true });
  });

  it("is one, however many start it at once", async () => {
    const started = await Promise.all([1, 2, 3].map(() => startHost(home, { listen: "127.0.0.1:0" })));
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
  });

  it("comes back at the same addresses after kill -9", async () => {
    const before = await startHost(home, { listen: "127.0.0.1:0" });
    process.kill(before.pid, "SIGKILL");
    while ((await findHost(home)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    const after = await startHost(home);
    assert.notEqual(after.pid, before.pid);
    assert.deepEqual([after.gatewayUrl, after.awsUrl], [before.gatewayUrl, before.awsUrl]);
  });

  it("stops at SIGTERM and leaves no file that says it runs", async () => {
    const { pid } = await startHost(home, { listen: "127.0.0.1:0" });
    process.kill(pid, "SIGTERM");
    while ((await findHost(home)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    await assert.rejects(hostStatus(home), { code: "HOST_NOT_RUNNING" });
  });

  it("needs at most 120 MB when idle, built as it is shipped", async () => {
    const client = require(join(built(), "local", "host", "client.js")) as { startHost: typeof startHost };
    const { rssBytes } = await client.startHost(home, { listen: "127.0.0.1:0" });
    assert.ok(rssBytes <= 120 * 1024 * 1024, `${Math.round(rssBytes / 1024 / 1024)} MB`);
  });

  it("tells why it did not start: a port that is taken, a database that is none", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    await assert.rejects(startHost(home, { listen }), { code: "PORT_TAKEN" });
    other.close();
    for (const end of ["-wal", "-shm"]) rmSync(paths.hostDatabase(home) + end, { force: true });
    writeFileSync(paths.hostDatabase(home), "this is no database, whatever its name says".repeat(100));
    await assert.rejects(startHost(home, { listen: "127.0.0.1:0" }), { code: "HOST_DATABASE_CORRUPT" });
  });

  it("goes on when the disk of its log is full", async () => {
    mkdirSync(paths.host(home), { recursive: true });
    symlinkSync("/dev/full", paths.hostLog(home));
    const { pid } = await startHost(home, { listen: "127.0.0.1:0" });
    await resources({ home }).create("aws:sqs/queue:Queue", "orders", { name: "orders" });
    assert.equal((await hostStatus(home)).pid, pid);
  });

  it("of another build of the same version is replaced by the next start, with all that it holds", async () => {
    const client = require(join(built(), "local", "host", "client.js")) as { startHost: typeof startHost };
    const before = await client.startHost(home, { listen: "127.0.0.1:0" });
    await resources({ home }).create("aws:sqs/queue:Queue", "orders", { name: "orders" });
    const after = await startHost(home);
    assert.equal(after.version, before.version);
    assert.notEqual(after.build, before.build);
    assert.notEqual(after.pid, before.pid);
    assert.deepEqual([after.gatewayUrl, after.awsUrl], [before.gatewayUrl, before.awsUrl]);
    const queueUrl = `${after.awsUrl}/000000000000/orders`;
    assert.equal((await resources({ home }).read("aws:sqs/queue:Queue", queueUrl)).id, queueUrl);
    assert.equal((await startHost(home)).pid, after.pid);
  });

  it("does not move to another address while it runs", async () => {
    await startHost(home, { listen: "127.0.0.1:0" });
    await assert.rejects(startHost(home, { publicUrl: "https://hooks.example.com" }), {
      code: "HOST_LISTENS_ELSEWHERE",
    });
    await stopHost(home);
    const { publicUrl } = await startHost(home, { publicUrl: "https://hooks.example.com" });
    assert.equal(publicUrl, "https://hooks.example.com");
  });
});

describe("the provider as executables", function () {
  this.timeout(30_000);
  const dir = mkdtempSync(join(tmpdir(), "nami-launchers-"));
  after(() => rmSync(dir, { recursive: true, force: true }));

  for (const name of ["pulumi-resource-aws", "pulumi-resource-awsx"]) {
    it(`${name} prints its port and ends with its engine`, async () => {
      writeProviderLaunchers(dir, join(dir, "home"));
      const child = spawn(join(dir, name), ["127.0.0.1:1"], {
        cwd: dir,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [text] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
      assert.match(text, /^\d+\n$/);
      child.kill("SIGTERM");
      assert.equal((await once(child, "exit"))[1], "SIGTERM");
    });
  }
});
