import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../local/paths";
import { makeHome, type TestHome } from "../support/home";
import { startMongo, type TestMongo } from "../support/mongo";
import { eventually, json, ok, untilStored, up } from "../support/nami";
import { operatorOf } from "../support/operate";
import { post } from "../support/post";
import { PowerLab, requireMounts } from "../support/power-lab";

const MEBIBYTE = 1024 ** 2;

describe("a full disk under the host", function () {
  this.timeout(300_000);
  let lab: PowerLab;
  let mongo: TestMongo;

  before(async () => {
    requireMounts("a disk of its own");
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

describe("a full disk under MongoDB", function () {
  this.timeout(600_000);
  let home: TestHome;
  let volumes: string;

  before(async () => {
    requireMounts("a disk of its own");
    home = await makeHome();
    volumes = join(paths.host(home.dir), "volumes");
    mkdirSync(volumes, { recursive: true, mode: 0o700 });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=160m,mode=0700", "tmpfs", volumes]);
  });
  after(async () => {
    if (!home) return;
    await ok(home.dir, ["host", "stop"]);
    execFileSync("umount", ["--lazy", volumes]);
    await home.close();
  });

  it("pauses delivery with the reason, and once there is space MongoDB is started again and stores what waited", async () => {
    const url = await up(home.dir, "demo", "--max-receives", "3", "--post-queue-timeout", "10s");
    const acknowledged: string[] = [];
    const send = async (id: string) => {
      const { status } = await post(url, "x".repeat(100_000), { "webhook-id": id });
      if (status === 200) acknowledged.push(id);
      return status;
    };
    const operator = await operatorOf(home.dir, "demo");
    try {
      assert.equal(await send("before"), 200);
      assert.deepEqual(await untilStored(home.dir, "demo", acknowledged, 60), []);
      const filler = join(volumes, "filler");
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"]);
      const paused = await eventually(
        async () => {
          await send(`full-${acknowledged.length}`);
          return operator.watch("round");
        },
        ({ pause }) => pause.by === "watchdog",
        120,
      );
      assert.match(String(paused.pause.reason), /^MongoDB at 127\.0\.0\.1:\d+ /);
      for (let i = 0; i < 20; i++) assert.equal(await send(`waits-${i}`), 200);

      rmSync(filler);
      const resumed = await eventually(
        () => operator.watch("round"),
        ({ pause }) => pause.by === null,
        180,
      );
      assert.equal(resumed.pause.by, null);
      assert.deepEqual(await untilStored(home.dir, "demo", acknowledged, 180), []);
      assert.equal((await json<{ deadLetters: number }>(home.dir, ["status", "demo"])).deadLetters, 0);
    } finally {
      operator.close();
    }
  });
});
