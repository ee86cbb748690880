import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lockHolder, otherHolders, takeLock, waitForLock } from "../../../cli/lock";
import { paths } from "../../../local/paths";
import type { CodedError } from "../../../runtime/coded-error";

const root = resolve(__dirname, "..", "..", "..");
const script = (home: string, then: string) => `
require("ts-node").register({ transpileOnly: true, cwd: ${JSON.stringify(root)} });
const { takeLock } = require(${JSON.stringify(join(root, "cli", "lock.ts"))});
try {
  const lock = takeLock({ home: ${JSON.stringify(home)}, name: "orders", command: "up orders", now: Date.now });
  ${then}
} catch (error) { console.log(error.code); }
`;

describe("the lock of a name", function () {
  this.timeout(30_000);
  let home: string;
  const children: ChildProcess[] = [];
  const request = () => ({ home, name: "orders", command: "down orders", now: Date.now });
  const file = () => join(paths.locks(home), "orders.json");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-lock-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  });

  /** Another process that tries for the lock; answers the first line it prints. */
  function other(then: string): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ["-e", script(home, then)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return new Promise((done) =>
      child.stdout!.once("data", (text) => done({ child, said: String(text).trim() })),
    );
  }

  const ended = (child: ChildProcess) => new Promise((done) => child.once("exit", done));
  const HOLD = 'console.log("held"); setInterval(() => {}, 1000);';

  it("is there while held, and gone when released", () => {
    const lock = takeLock(request());
    assert.equal(lockHolder(home, "orders")?.pid, process.pid);
    lock.release();
    assert.equal(lockHolder(home, "orders"), undefined);
    assert.deepEqual(readdirSync(paths.locks(home)), []);
  });

  it("that is no lock at all is refused with the file to remove, not taken for free", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    writeFileSync(file(), "garbage");
    assert.throws(
      () => takeLock(request()),
      ({ code, hint }: CodedError) => code === "LOCK_DAMAGED" && hint === `rm ${file()}`,
    );
  });

  it("of a live process is refused at once, naming pid, command and since when", async () => {
    const { child } = await other(HOLD);
    const started = Date.now();
    assert.throws(
      () => takeLock(request()),
      ({ code, message, exitCode }: CodedError) =>
        code === "LOCKED" &&
        exitCode === 1 &&
        message.includes(`pid ${child.pid}`) &&
        message.includes("nami up orders") &&
        message.includes(hostname()),
    );
    assert.ok(Date.now() - started < 1000);
  });

  it("of a process killed with SIGKILL is taken over", async () => {
    const { child } = await other(HOLD);
    child.kill("SIGKILL");
    await ended(child);
    assert.ok(existsSync(file()));
    takeLock(request()).release();
    assert.deepEqual(readdirSync(paths.locks(home)), []);
  });

  it("of a process whose pid was given to another is taken over", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    const holder = { pid: process.pid, born: "1", host: hostname(), command: "up", startedAt: "", id: "old" };
    writeFileSync(file(), JSON.stringify(holder));
    takeLock(request()).release();
  });

  it("held on another machine is never taken over", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    writeFileSync(
      file(),
      JSON.stringify({ pid: 1, host: "elsewhere", command: "up", startedAt: "", id: "x" }),
    );
    assert.throws(() => takeLock(request()), { code: "LOCKED" });
  });

  it("of a dead holder goes to exactly one of many that come at once", async () => {
    const { child } = await other(HOLD);
    child.kill("SIGKILL");
    await ended(child);
    const tries = await Promise.all(Array.from({ length: 6 }, () => other(HOLD)));
    assert.deepEqual(tries.map(({ said }) => said).sort(), [...Array(5).fill("LOCKED"), "held"]);
    const [winner] = tries.filter(({ said }) => said === "held");
    assert.equal(lockHolder(home, "orders")?.pid, winner?.child.pid);
  });

  it("that is shared is waited for, with one message, and given up after a while", async () => {
    const lock = takeLock({ ...request(), name: "nami.gateway" });
    const waits: string[] = [];
    const options = {
      seconds: 0.5,
      signal: new AbortController().signal,
      onWait: () => void waits.push("waiting"),
    };
    await assert.rejects(waitForLock({ ...request(), name: "nami.gateway" }, options), { code: "LOCKED" });
    assert.deepEqual(waits, ["waiting"]);
    setTimeout(() => lock.release(), 300);
    (await waitForLock({ ...request(), name: "nami.gateway" }, { ...options, seconds: 5 })).release();
  });

  it("waiting ends with Ctrl+C", async () => {
    takeLock({ ...request(), name: "nami.gateway" });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const options = { seconds: 60, signal: controller.signal, onWait: () => {} };
    await assert.rejects(waitForLock({ ...request(), name: "nami.gateway" }, options), {
      name: "AbortError",
    });
  });

  it("tells others' locks from one's own and from those of shared parts", () => {
    takeLock(request());
    takeLock({ ...request(), name: "nami.host" });
    assert.equal(otherHolders(home, "orders"), false);
    assert.equal(otherHolders(home, "bills"), true);
  });
});
