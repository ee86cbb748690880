import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lease } from "../../../../cli/deployments/lease";
import { type LeaseHolder, leaseHolders, leaseTimes } from "../../../../cli/deployments/lease-holder";
import { GRACE } from "../../../../cli/engine/call";
import type { CodedError } from "../../../../runtime/coded-error";
import { MemoryStore } from "../../../support/memory-store";

const KEY = ".nami/locks/orders.json";
/** Real milliseconds between renewals; the clock of holder and store stands still unless a test moves it. */
const RENEW = 20;
const times = { ...leaseTimes, renew: RENEW };

describe("a lease", () => {
  let store: MemoryStore;
  let clock: number;
  const leases: Lease[] = [];

  beforeEach(() => {
    store = new MemoryStore();
    clock = 0;
  });
  afterEach(async () => {
    store.fault = undefined;
    for (const lease of leases.splice(0)) await lease.release();
  });

  async function attempt(command = "up orders"): Promise<Lease | LeaseHolder> {
    const taken = await Lease.take({ store, name: "orders", command, now: () => clock, times });
    if (taken instanceof Lease) leases.push(taken);
    return taken;
  }
  async function lease(): Promise<Lease> {
    const taken = await attempt();
    return taken instanceof Lease ? taken : assert.fail("it is held");
  }
  function elsewhere(more: Partial<LeaseHolder> = {}): void {
    const holder: LeaseHolder = {
      ...{ pid: 1, host: "far", user: "ann", machine: "another", command: "up orders", id: "theirs" },
      ...{ startedAt: "2026-01-01T00:00:00Z", renewedAt: "2026-01-01T00:00:00Z" },
      ...more,
    };
    store.objects.set(KEY, { body: JSON.stringify(holder), tag: "theirs", at: store.time });
  }
  const isLost = async (lost: Lease, reason: RegExp) => {
    for (let tries = 0; !lost.signal.aborted && tries < 50; tries++) await sleep(RENEW);
    const { code, message } = lost.signal.reason as CodedError;
    assert.equal(code, "LOCK_LOST");
    assert.match(message, reason);
  };

  it("of another machine is respected until it was not renewed for a minute, and then taken over", async () => {
    elsewhere();
    store.time = leaseTimes.expire;
    const holder = await attempt();
    assert.ok(!(holder instanceof Lease) && holder.host === "far");
    store.time = leaseTimes.expire + 1;
    const taken = await lease();
    assert.equal(taken.expired?.host, "far");
  });

  it("of a process that is known to be dead is taken at once; its engine is not known to be", async () => {
    const first = await lease();
    const { machine } = JSON.parse(store.objects.get(KEY)!.body) as LeaseHolder;
    await first.release();
    if (!machine) return;
    elsewhere({ machine, pid: process.pid, born: "1" });
    assert.equal((await lease()).expired, undefined);
  });

  it("is renewed, by which it stays young", async () => {
    await lease();
    store.time = 50_000;
    await sleep(RENEW * 5);
    assert.equal((await store.read(KEY))!.age(), 0);
    store.time = 100_000;
    assert.ok(!((await attempt()) instanceof Lease));
  });

  it("that another has taken is lost, and left to that one", async () => {
    const mine = await lease();
    elsewhere({ command: "down orders" });
    await isLost(mine, /`nami down orders` \(pid 1 on far\) took it over/);
    await assert.rejects(mine.confirm(), { code: "LOCK_LOST" });
    await mine.release();
    assert.equal(store.objects.get(KEY)?.tag, "theirs");
  });

  it("is confirmed before something is written: what was taken meanwhile is found out then", async () => {
    const mine = await Lease.take({ store, name: "orders", command: "up orders", now: () => clock });
    assert.ok(mine instanceof Lease);
    leases.push(mine);
    await mine.confirm();
    elsewhere();
    await assert.rejects(mine.confirm(), { code: "LOCK_LOST" });
    store.objects.delete(KEY);
    assert.ok(mine.signal.aborted);
  });

  it("that was removed is lost", async () => {
    const mine = await lease();
    store.objects.delete(KEY);
    await isLost(mine, /it was removed/);
  });

  it("outlives a state that cannot be reached for a moment", async () => {
    const mine = await lease();
    store.fault = new Error("no route to host");
    clock = leaseTimes.giveUp;
    await sleep(RENEW * 4);
    store.fault = undefined;
    await sleep(RENEW * 4);
    clock += leaseTimes.giveUp;
    await mine.confirm();
    assert.ok(!mine.signal.aborted);
  });

  it("that cannot be renewed for long is given up before another may take it", async () => {
    // It is noticed with the next renewal, and the engine has its grace: all that must be over before.
    assert.ok(leaseTimes.giveUp + leaseTimes.renew + GRACE < leaseTimes.expire);
    const mine = await lease();
    store.fault = new Error("no route to host");
    clock = leaseTimes.giveUp + 1;
    await isLost(mine, /could not be renewed: no route to host/);
  });

  it("whose write was done and not answered is still one's own", async () => {
    store.losesAnswer = true;
    const mine = await lease();
    store.losesAnswer = true;
    await mine.confirm();
    await mine.confirm();
    assert.ok(!mine.signal.aborted);
    await mine.release();
    assert.equal(store.objects.size, 0);
  });

  it("that is no lease at all is refused, and taken over when nobody renews it", async () => {
    store.objects.set(KEY, { body: "garbage", tag: "g", at: 0 });
    await assert.rejects(attempt(), { code: "LOCK_DAMAGED" });
    store.time = leaseTimes.expire + 1;
    await lease();
  });

  it("is listed with its holder while it is held", async () => {
    elsewhere();
    assert.deepEqual(
      [...(await leaseHolders(store))].map(([name, { host }]) => [name, host]),
      [["orders", "far"]],
    );
    store.time = leaseTimes.expire + 1;
    assert.equal((await leaseHolders(store)).size, 0);
  });
});
