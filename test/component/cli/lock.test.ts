import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { lockHolder, otherHolders, takeLock, waitForLock } from "../../../cli/lock";
import { paths } from "../../../local/paths";
import type { CodedError } from "../../../runtime/coded-error";
import { onFastClock } from "../../support/fast-clock";

/** What every lock keeps is in test/component/contract/lock.contract.test.ts; here is what is of this one alone. */
describe("the lock of a name", function () {
  this.timeout(30_000);
  let home: string;
  const request = () => ({ home, name: "orders", command: "down orders", now: Date.now });
  const file = () => join(paths.locks(home), "orders.json");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-lock-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it("is there while held, and gone when released", () => {
    const lock = takeLock(request());
    assert.equal(lockHolder(home, "orders")?.pid, process.pid);
    lock.release();
    assert.equal(lockHolder(home, "orders"), undefined);
    assert.deepEqual(readdirSync(paths.locks(home)), []);
  });

  it("that another has taken meanwhile stays when the first holder lets go", () => {
    const lock = takeLock(request());
    const successor = { pid: 1, host: "elsewhere", command: "up", startedAt: "", id: "successor" };
    writeFileSync(file(), JSON.stringify(successor));
    lock.release();
    assert.equal(lockHolder(home, "orders")?.id, "successor");
  });

  it("that cannot be read is refused with the file to remove, not counted as free", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    writeFileSync(file(), "garbage");
    assert.throws(
      () => takeLock(request()),
      ({ code, hint }: CodedError) => code === "LOCK_DAMAGED" && hint === `rm ${file()}`,
    );
  });

  it("of a process whose pid was given to another is taken over", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    const holder = { pid: process.pid, born: "1", host: hostname(), command: "up", startedAt: "", id: "old" };
    writeFileSync(file(), JSON.stringify(holder));
    takeLock(request()).release();
  });

  it("of a process that has ended and was not asked how is taken over", async () => {
    // `sleep` in the place of the shell never asks for the child that the shell has started.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(said.toString());
      const state = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]![0];
      while (state() !== "Z") await new Promise((next) => setTimeout(next, 10));
      mkdirSync(paths.locks(home), { recursive: true });
      const holder = { pid, host: hostname(), command: "up", startedAt: "", id: "old" };
      writeFileSync(file(), JSON.stringify(holder));
      takeLock(request()).release();
    } finally {
      parent.kill();
    }
  });

  it("that is held on another machine is never taken over", () => {
    mkdirSync(paths.locks(home), { recursive: true });
    writeFileSync(
      file(),
      JSON.stringify({ pid: 1, host: "elsewhere", command: "up", startedAt: "", id: "x" }),
    );
    assert.throws(() => takeLock(request()), { code: "LOCKED" });
  });

  it("that is shared is waited for, with one message, and given up after a while", async () => {
    await onFastClock(async () => {
      const lock = takeLock({ ...request(), name: "nami.gateway" });
      const waits: string[] = [];
      const options = {
        seconds: 60,
        signal: new AbortController().signal,
        onWait: () => void waits.push("waiting"),
      };
      await assert.rejects(waitForLock({ ...request(), name: "nami.gateway" }, options), { code: "LOCKED" });
      assert.deepEqual(waits, ["waiting"]);
      setTimeout(() => lock.release(), 30_000);
      (await waitForLock({ ...request(), name: "nami.gateway" }, options)).release();
    });
  });

  it("is no longer waited for after Ctrl+C", async () => {
    await onFastClock(async () => {
      takeLock({ ...request(), name: "nami.gateway" });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 1000);
      const options = { seconds: 60, signal: controller.signal, onWait: () => {} };
      const waiting = waitForLock({ ...request(), name: "nami.gateway" }, options);
      await assert.rejects(waiting, { name: "AbortError" });
    });
  });

  it("is not confused with locks of other names or of shared parts", () => {
    takeLock(request());
    takeLock({ ...request(), name: "nami.host" });
    assert.equal(otherHolders(home, "orders"), false);
    assert.equal(otherHolders(home, "bills"), true);
  });
});
