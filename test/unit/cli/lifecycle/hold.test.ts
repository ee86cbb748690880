import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Backend } from "../../../../cli/deployments/backend";
import { ownState } from "../../../../cli/deployments/state";
import { type Held, holding, stacksOf } from "../../../../cli/lifecycle/hold";
import { lockHolder } from "../../../../cli/lock";
import { type CapturedIo, capturedIo } from "../../../support/captured-io";

describe("holding a name", () => {
  let home: string;
  let team: string;
  let io: CapturedIo;
  const lockFile = () => join(team, ".nami", "locks", "orders.json");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-hold-"));
    team = join(home, "team");
    io = capturedIo({ env: {} });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const hold = <T>(state: string, work: (held: Held) => Promise<T>) => {
    const backend = new Backend(join(home, "me"), io, state);
    return holding({ backend, io, name: "orders", command: "up orders", stacks: stacksOf("orders") }, work);
  };

  it("takes the lock of this machine, and in shared state one there, and lets go of both", async () => {
    await hold(`file://${team}`, async ({ lease }) => {
      assert.ok(lease && existsSync(lockFile()));
      assert.equal(lockHolder(join(home, "me"), "orders")?.pid, process.pid);
    });
    assert.equal(lockHolder(join(home, "me"), "orders"), undefined);
    assert.deepEqual(readdirSync(dirname(lockFile())), []);
  });

  it("takes no lock in the home's own state", async () => {
    await hold(ownState(join(home, "me")), async ({ lease }) => assert.equal(lease, undefined));
  });

  it("ends the work with LOCK_LOST when the lease is lost, whatever the work throws then", async () => {
    const lost = hold(`file://${team}`, async ({ io: mine, lease }) => {
      rmSync(lockFile());
      await lease!.confirm().catch(() => {});
      await sleep(60_000, undefined, { signal: mine.signal });
    });
    await assert.rejects(lost, { code: "LOCK_LOST" });
  });

  it("ends as an abort when the person cancels", async () => {
    const cancelled = hold(`file://${team}`, async ({ io: mine }) => {
      setTimeout(() => io.cancel(), 20);
      await sleep(60_000, undefined, { signal: mine.signal });
    });
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.ok(!existsSync(lockFile()));
  });

  describe("after another holder whose machine is gone", () => {
    const engineLock = (project: string, id: string) =>
      join(team, ".pulumi", "locks", "organization", project, "orders", `${id}.json`);
    function put(path: string, content: object): void {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(content));
    }

    it("clears the engine's locks of that time and machine, and no others", async () => {
      const dead = { pid: 7, host: "far", command: "up orders", id: "x", startedAt: "2026-01-02T00:00:00Z" };
      put(lockFile(), dead);
      utimesSync(lockFile(), 1000, 1000);
      const locks = {
        theirs: { hostname: "far", timestamp: "2026-01-02T00:00:05Z" },
        before: { hostname: "far", timestamp: "2026-01-01T23:59:00Z" },
        bare: { hostname: "near", timestamp: "2026-01-02T00:00:05Z" },
      };
      for (const [id, lock] of Object.entries(locks))
        put(engineLock("nami", id), { pid: 8, username: "ann", ...lock });
      put(engineLock("nami-data", "theirs"), { pid: 8, username: "ann", ...locks.theirs });
      await hold(`file://${team}`, async () => {});
      assert.deepEqual(readdirSync(dirname(engineLock("nami", ""))).sort(), ["bare.json", "before.json"]);
      assert.deepEqual(readdirSync(dirname(engineLock("nami-data", ""))), []);
      assert.match(
        io.said(),
        /nami\/orders was left locked by `nami up orders` on far, which is gone: unlocked/,
      );
    });
  });
});
