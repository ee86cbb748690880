import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startMongo, type TestMongo } from "../support/mongo";
import { eventually, json, untilStored } from "../support/nami";
import { post } from "../support/post";
import { PowerLab, powerLabLacks } from "../support/power-lab";

const MEBIBYTE = 1024 ** 2;

describe("a full disk under the host", function () {
  this.timeout(300_000);
  let lab: PowerLab;
  let mongo: TestMongo;

  before(async () => {
    const missing = powerLabLacks();
    if (missing) throw new Error(`NOT RUN: a disk of its own needs ${missing}`);
    [lab, mongo] = await Promise.all([PowerLab.make({ bytes: 192 * MEBIBYTE }), startMongo()]);
  });
  after(() => Promise.all([lab?.close(), mongo?.close()]));

  it("is answered 503 with Retry-After, and the same host goes on by itself when there is space", async () => {
    const env = { URI: mongo.uri };
    const up = ["up", "demo", "--yes", "--mongo-uri", "env:URI"];
    const { url } = await json<{ url: string }>(lab.home, up, { env, spawned: true });
    const pid = async () => (await json<{ pid: number }>(lab.home, ["host", "status"])).pid;
    const before = await pid();
    const acknowledged: string[] = [];
    const refused: { status: number; retry: unknown }[] = [];
    const send = async (id: string) => {
      const { status, headers } = await post(url, "x".repeat(100_000), { "webhook-id": id });
      if (status === 200) acknowledged.push(id);
      else refused.push({ status, retry: headers["retry-after"] });
      return status;
    };
    assert.equal(await send("before"), 200);

    const free = lab.fill();
    // What SQLite has in hand already takes some more.
    for (let i = 0; i < 200 && refused.length < 20; i++) {
      await send(`full-${i}`);
      await sleep(50);
    }
    assert.equal(refused.length, 20);
    assert.deepEqual(
      refused.filter(({ status, retry }) => status !== 503 || !retry),
      [],
    );
    assert.equal(await pid(), before);

    free();
    const status = await eventually(
      () => send("after"),
      (each) => each === 200,
      30,
    );
    assert.equal(status, 200);
    assert.equal(await pid(), before);
    assert.deepEqual(await untilStored(lab.home, "demo", acknowledged, 120), []);
  });
});
