import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

const POISON = `export default async (event: { body?: { poison?: boolean } }) => {
  if (event.body?.poison) throw new Error("cannot digest");
};
`;

describe("a name that is deployed", function () {
  this.timeout(300_000);
  let home: DemoHome;

  beforeEach(async () => {
    home = await demoHome();
  });
  afterEach(() => home?.close());

  const changes = async (verb: string) =>
    (await json<{ changes: Record<string, number> }>(home.dir, [verb, "demo"])).changes;
  const storedIds = async () => (await storedEvents(home.dir, "demo")).map(({ _id }) => _id);

  it("a second up changes nothing and says so, and unlocks a stack that a dead engine left locked", async () => {
    const dir = join(paths.state(home.dir), ".pulumi", "locks", "organization", "nami", "demo");
    const dead = {
      pid: 2 ** 22 + 1,
      username: "me",
      hostname: hostname(),
      timestamp: "2026-01-02T03:04:05Z",
    };
    writeFileSync(join(dir, "dead.json"), JSON.stringify(dead));
    const { out, err } = await ok(home.dir, ["up", "demo"]);
    assert.match(out, /demo: no changes/);
    assert.match(out, /unverified: anyone who knows the URL can post/);
    assert.match(err, /left locked by process 4194305/);
  });

  it("a lost host database is noticed and everything made again, with the events stored before", async () => {
    await post(home.url, "kept", { "webhook-id": "before" });
    await eventually(storedIds, (all) => all.length === 1, 60);
    await ok(home.dir, ["host", "stop"]);
    for (const suffix of ["", "-wal", "-shm"])
      rmSync(`${paths.hostDatabase(home.dir)}${suffix}`, { force: true });
    const { out, err } = await ok(home.dir, ["up", "demo"]);
    assert.match(err, /its database was lost/);
    assert.match(err, /the stored events of demo are given back/);
    assert.doesNotMatch(out, /no changes/);
    assert.deepEqual(await storedIds(), ["demo:before"]);
    assert.deepEqual(await changes("up"), {});
    assert.equal((await post(home.url, "new", { "webhook-id": "after" })).status, 200);
  });

  it("another passphrase is refused, and nothing changes", async () => {
    const wrong = await nami(home.dir, ["up", "demo", "--batch-size", "3"], {
      env: { PULUMI_CONFIG_PASSPHRASE: "other" },
    });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /error\[PASSPHRASE_WRONG\]/);
    assert.deepEqual(await changes("preview"), {});
  });

  it("down refuses while an event remains and opens the way in again; --discard --yes takes it down; --purge deletes its data", async () => {
    const file = join(home.dir, "poison.ts");
    writeFileSync(file, POISON);
    const checked = ["--verify", "api-key", "--secret", "env:KEY"];
    await ok(home.dir, ["up", "demo", "--post-queue", file, ...checked], { env: { KEY: "a key" } });
    const key = { authorization: "a key", "content-type": "application/json" };
    assert.equal((await post(home.url, '{"poison":true}', key)).status, 200);
    const refused = await nami(home.dir, ["down", "demo", "--drain-timeout", "3"]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /error\[MESSAGES_LEFT\]: .*: 1 still in the queue/);
    assert.equal((await post(home.url, "still open", key)).status, 200);
    assert.equal((await post(home.url, "still checked")).status, 401);
    assert.equal((await nami(home.dir, ["down", "demo", "--discard"])).code, 2);
    const down = await json<{ discarded: number; data: string; hostStopped: boolean }>(home.dir, [
      ...["down", "demo", "--discard", "--yes", "--drain-timeout", "3"],
    ]);
    assert.deepEqual([down.discarded, down.data, down.hostStopped], [1, "kept", true]);
    assert.equal((await json<unknown[]>(home.dir, ["ls", "--all"])).length, 1);
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
    assert.deepEqual(await json<unknown[]>(home.dir, ["ls", "--all"]), []);
    assert.match((await nami(home.dir, ["down", "demo"])).err, /error\[NAME_UNKNOWN\]/);
  });
});
