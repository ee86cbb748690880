import assert from "node:assert/strict";
import { type DemoHome, demoHome } from "../support/home-template";
import { json, ok, untilStored } from "../support/nami";
import { githubPayloads, shopifyPayloads } from "../support/payloads";
import { post } from "../support/post";

describe("kill -9 of the host in the middle of 539 posts", function () {
  this.timeout(240_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  it("loses no acknowledged event", async () => {
    const { url } = home;
    const { pid } = await json<{ pid: number }>(home.dir, ["host", "status"]);
    const acknowledged = new Set<string>();
    const payloads = [...githubPayloads(), ...shopifyPayloads()];
    let killed = false;
    await Promise.all(
      payloads.map(async ({ id, body }) => {
        const { status } = await post(url, body, { "content-type": "application/json", "webhook-id": id });
        if (status === 200) acknowledged.add(id);
        // A busy machine answers most of so many at once 503.
        if (acknowledged.size === 40 && !killed) killed = process.kill(pid, "SIGKILL");
      }),
    );
    assert.ok(killed, `only ${acknowledged.size} were acknowledged before the kill`);
    assert.ok(acknowledged.size < payloads.length, "the kill came too late to prove anything");
    await ok(home.dir, ["host", "start"]);
    assert.deepEqual(await untilStored(home.dir, "demo", acknowledged, 90), []);
    assert.equal((await post(url, "again", { "webhook-id": "after" })).status, 200);
  });
});
