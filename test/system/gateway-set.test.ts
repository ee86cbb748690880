import assert from "node:assert/strict";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, ok, up } from "../support/nami";
import { post } from "../support/post";

/** A rate that is set is never taken back, as on AWS; this one is nobody's limit. */
const unthrottled = ["--target", "local", "--throttle-rate", "10000", "--throttles", ""];

interface Alarms {
  alarms: { name: string; state: string }[];
}

describe("the gateway of all names", function () {
  this.timeout(240_000);
  let home: TestHome;
  let urls: Record<"orders" | "bills", string>;

  before(async () => {
    home = await makeHome();
    // Before there is one, for a place that is said, too.
    await ok(home.dir, ["gateway", "set", "--region", "us-east-1", "--access-log", "30d"]);
    assert.match((await ok(home.dir, ["gateway", "show"])).out, /throttle +the account's own/);
    urls = { orders: await up(home.dir, "orders"), bills: await up(home.dir, "bills") };
  });
  // Whatever a test has set, the next begins without it.
  beforeEach(() => ok(home.dir, ["gateway", "set", ...unthrottled]));
  after(() => home?.close());

  const ringing = async (name: string) =>
    (await json<Alarms>(home.dir, ["status", name])).alarms
      .filter(({ state }) => state === "ALARM")
      .map((alarm) => alarm.name.replace(/-[0-9a-f]+$/, ""));
  /** Statuses of so many posts at once. */
  const statuses = async (url: string, count: number) => {
    const posts = Array.from({ length: count }, (_, i) => post(url, "x", { "webhook-id": `${i}` }));
    return (await Promise.all(posts)).map(({ status }) => status);
  };

  it("throttles the one name that it is told to, whose alarm goes off", async () => {
    await ok(home.dir, ["gateway", "set", "--throttles", "orders=2/4"]);
    const { out } = await ok(home.dir, ["gateway", "show"]);
    assert.match(out, /orders: 2 requests a second, 4 at one moment/);
    const seen = await statuses(urls.orders, 20);
    assert.ok(seen.includes(429) && seen.includes(200), seen.join());
    assert.deepEqual(new Set(await statuses(urls.bills, 20)), new Set([200]));
    const alarms = await eventually(
      () => ringing("orders"),
      (all) => all.length > 0,
      60,
    );
    assert.deepEqual(alarms, ["nami-orders-gateway-throttles"]);
    assert.deepEqual(await ringing("bills"), []);
  });

  it("throttles every name alike, and lets half of the rate come at once", async () => {
    await ok(home.dir, ["gateway", "set", "--throttle-rate", "8", "--throttles", ""]);
    const { out } = await ok(home.dir, ["gateway", "show"]);
    assert.match(out, /throttle +8 requests a second, 4 at one moment, for each name/);
    for (const url of Object.values(urls)) assert.ok((await statuses(url, 20)).includes(429));
  });

  it("does not take back a throttle that AWS would leave, and says so", async () => {
    await ok(home.dir, ["gateway", "set", "--throttle-rate", "8"]);
    const { code, err } = await nami(home.dir, ["gateway", "set", "--throttle-rate", ""]);
    assert.equal(code, 1);
    assert.match(err, /error\[THROTTLE_STAYS\].*8 requests a second/);
    assert.match(err, /nami gateway set --target local --region us-east-1 --throttle-rate 10000/);
    await ok(home.dir, ["gateway", "set", "--target", "local", "--throttle-rate", "10000"]);
    assert.deepEqual(new Set(await statuses(urls.bills, 20)), new Set([200]));
  });

  it("refuses the throttle of a name that is not there", async () => {
    const { code, err } = await nami(home.dir, ["gateway", "set", "--throttles", "nobody=5"]);
    assert.equal(code, 1);
    assert.match(err, /error\[NAME_UNKNOWN\].*nobody.*Deployed there: bills, orders/);
  });

  it("has `down` say that a name's throttle goes with its route", async () => {
    await ok(home.dir, ["gateway", "set", "--throttles", "orders=20/40,bills=30"]);
    const { out } = await ok(home.dir, ["down", "orders"]);
    assert.match(out, /throttle went with its route.*nami gateway set --throttles orders=20\/40/);
    assert.match(
      (await ok(home.dir, ["gateway", "show"])).out,
      /bills: 30 requests a second, 15 at one moment/,
    );
    await up(home.dir, "orders");
  });

  it("writes no access log when it is told not to, and says what follows", async () => {
    const { err } = await ok(home.dir, ["gateway", "set", "--access-log", "off"]);
    assert.match(err, /look at the access log.*nami up bills && nami up orders/);
    const { changes } = await json<{ changes: object }>(home.dir, ["up", "orders"]);
    assert.deepEqual(changes, { update: 1, delete: 2 }, "the dashboard, and two alarms");
  });
});
