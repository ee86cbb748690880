import assert from "node:assert/strict";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, up } from "../support/nami";
import { post } from "../support/post";

interface Alarms {
  alarms: { name: string; state: string }[];
}

describe("the gateway that all names share", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let urls: Record<"demo" | "bills", string>;

  before(async () => {
    home = await demoHome();
    urls = { demo: home.url, bills: await up(home.dir, "bills") };
  });
  after(() => home?.close());

  const set = (...args: string[]) => ok(home.dir, ["gateway", "set", ...args]);
  const shown = async () => (await ok(home.dir, ["gateway", "show"])).out;
  const ringing = async (name: string) =>
    (await json<Alarms>(home.dir, ["status", name])).alarms
      .filter(({ state }) => state === "ALARM")
      .map((alarm) => alarm.name.replace(/-[0-9a-f]+$/, ""));
  /** Statuses of so many posts at once. */
  const statuses = async (url: string, count: number) => {
    const posts = Array.from({ length: count }, (_, i) => post(url, "x", { "webhook-id": `${i}` }));
    return (await Promise.all(posts)).map(({ status }) => status);
  };

  /** A busy machine may say 503; a throttle says 429. */
  const notThrottled = async (url: string) => {
    const seen = await statuses(url, 20);
    assert.ok(seen.includes(200) && !seen.includes(429), seen.join());
  };

  it("throttles one name and no other, and the alarm of that name fires", async () => {
    await set("--throttles", "demo=2/4");
    const out = await shown();
    assert.match(out, /throttle +the account's own/);
    assert.match(out, /demo: 2 requests a second, 4 at one moment/);
    const seen = await statuses(urls.demo, 20);
    assert.ok(seen.includes(429) && seen.includes(200), seen.join());
    await notThrottled(urls.bills);
    const alarms = await eventually(
      () => ringing("demo"),
      (all) => all.length > 0,
      120,
    );
    assert.deepEqual(alarms, ["nami-demo-gateway-throttles"]);
    assert.deepEqual(await ringing("bills"), []);
  });

  it("throttles every name alike with half of the rate at one moment, and says what to type because AWS never lifts it", async () => {
    await set("--throttle-rate", "8", "--throttles", "");
    assert.match(await shown(), /throttle +8 requests a second, 4 at one moment, for each name/);
    for (const url of Object.values(urls)) assert.ok((await statuses(url, 20)).includes(429));
    const { code, err } = await nami(home.dir, ["gateway", "set", "--throttle-rate", ""]);
    assert.equal(code, 1);
    assert.match(err, /error\[THROTTLE_STAYS\].*8 requests a second/);
    assert.match(err, /nami gateway set --target local --region us-east-1 --throttle-rate 10000/);
    await set("--target", "local", "--throttle-rate", "10000");
    await notThrottled(urls.bills);
  });

  it("refuses the throttle of a name that is not deployed, and names those that are", async () => {
    const { code, err } = await nami(home.dir, ["gateway", "set", "--throttles", "nobody=5"]);
    assert.equal(code, 1);
    assert.match(err, /error\[NAME_UNKNOWN\].*nobody.*Deployed there: bills, demo/);
  });

  it("writes no access log when it is off, and the next up of a name drops what looked at the log", async () => {
    const { err } = await set("--access-log", "off");
    assert.match(err, /look at the access log.*nami up bills && nami up demo/);
    const { changes } = await json<{ changes: object }>(home.dir, ["up", "demo"]);
    assert.deepEqual(changes, { update: 1, delete: 2 }, "the dashboard, and two alarms");
  });

  it("loses the throttle of a name with its route, and down says how to set it again", async () => {
    await set("--throttles", "demo=20/40,bills=30");
    const { out } = await ok(home.dir, ["down", "bills"]);
    assert.match(out, /throttle went with its route.*nami gateway set --throttles bills=30/);
    assert.match(await shown(), /demo: 20 requests a second, 40 at one moment/);
    assert.doesNotMatch(await shown(), /bills/);
  });
});
