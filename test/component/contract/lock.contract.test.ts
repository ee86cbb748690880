import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Lease } from "../../../cli/deployments/lease";
import { FileStore } from "../../../cli/deployments/store/file-store";
import { S3Store } from "../../../cli/deployments/store/s3-store";
import { type Holder, locked, takeLock, waitFor } from "../../../cli/lock";
import type { CodedError } from "../../../runtime/coded-error";
import { type LockPlace, type OtherProcess, otherProcess } from "../../support/lock-places";
import { type Moto, startMoto } from "../../support/moto";

interface Taken {
  release(): void | Promise<void>;
}

/** As the command takes a lock: at once or not at all. */
async function take({ kind, place, name, command }: LockPlace): Promise<Taken> {
  if (kind === "home") return takeLock({ home: place, name, command, now: Date.now });
  const store = kind === "s3" ? new S3Store(place, {}) : new FileStore(place, `file://${place}`);
  const taken = await Lease.take({ store, name, command, now: Date.now });
  if (taken instanceof Lease) return taken;
  throw locked(name, taken);
}

/** What every lock keeps, on this machine or in a state. */
function contract(where: () => Pick<LockPlace, "kind" | "place">): void {
  const others: OtherProcess[] = [];
  const place = (name = "orders", command = "up orders"): LockPlace => ({ ...where(), name, command });

  async function other(name?: string): Promise<OtherProcess> {
    const process = await otherProcess(place(name));
    others.push(process);
    return process;
  }
  afterEach(async () => {
    await Promise.all(others.splice(0).map((each) => each.kill()));
  });

  it("is held until it is released, and then goes to the next holder", async () => {
    const first = await take(place());
    await assert.rejects(take(place()), { code: "LOCKED" });
    await (await take(place("bills"))).release();
    await first.release();
    await (await take(place())).release();
  });

  it("of another process is refused at once, naming process, machine, command and since when", async () => {
    const { child, said } = await other();
    assert.equal(said, "held");
    await assert.rejects(take(place()), ({ code, message, exitCode }: CodedError) => {
      assert.deepEqual([code, exitCode], ["LOCKED", 1]);
      assert.match(message, new RegExp(`nami up orders.*pid ${child.pid} on ${hostname()}, since 20`));
      return true;
    });
  });

  it("of a process killed with SIGKILL is taken over", async () => {
    await (await other()).kill();
    await (await take(place())).release();
    await (await take(place())).release();
  });

  it("goes to exactly one of many that come at once", async () => {
    const tries = await Promise.all(Array.from({ length: 5 }, () => other()));
    assert.deepEqual(tries.map(({ said }) => said).sort(), [...Array(4).fill("LOCKED"), "held"]);
  });

  it("of a dead holder goes to exactly one of many that come at once", async () => {
    await (await other()).kill();
    const tries = await Promise.all(Array.from({ length: 5 }, () => other()));
    assert.deepEqual(tries.map(({ said }) => said).sort(), [...Array(4).fill("LOCKED"), "held"]);
  });

  it("that is waited for is taken when it is released, and told of once", async () => {
    const first = await take(place());
    const waits: Holder[] = [];
    const attempt = () =>
      take(place()).catch((error) => (error.code === "LOCKED" ? held : Promise.reject(error)));
    const held = { pid: process.pid, host: "", command: "", startedAt: "", id: "" };
    const patience = {
      seconds: 20,
      signal: new AbortController().signal,
      onWait: (holder: Holder) => waits.push(holder),
    };
    setTimeout(() => void first.release(), 500);
    await (await waitFor<Taken>(attempt, { name: "orders", now: Date.now }, patience)).release();
    assert.equal(waits.length, 1);
  });
}

describe("a lock", function () {
  this.timeout(60_000);

  for (const kind of ["home", "folder"] as const) {
    describe(kind === "home" ? "in NAMI_HOME" : "in a shared folder", () => {
      let dir: string;
      beforeEach(() => {
        dir = mkdtempSync(join(tmpdir(), "nami-lock-"));
      });
      afterEach(() => rmSync(dir, { recursive: true, force: true }));
      contract(() => ({ kind, place: dir }));
    });
  }

  describe("in S3", () => {
    let moto: Moto;
    let place: string;
    let count = 0;
    const environment = { ...process.env };
    before(async () => {
      moto = await startMoto();
      Object.assign(process.env, moto.env);
    });
    beforeEach(async () => {
      place = await moto.bucket(`locks-${count++}`, "team");
    });
    after(async () => {
      process.env = environment;
      await moto.close();
    });
    contract(() => ({ kind: "s3", place }));
  });
});
