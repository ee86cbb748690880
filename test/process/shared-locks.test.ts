import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Store } from "../../cli/deployments/store/s3-store";
import type { Store } from "../../cli/deployments/store/store";
import { paths } from "../../local/paths";
import { eventually } from "../support/nami";
import { post } from "../support/post";
import { makeTeam, type Team } from "../support/team";
import { when } from "../support/when";

interface Changes {
  changes: Record<string, number>;
}

const LOCK = ".nami/locks/demo.json";
const POISON = "export default async () => { throw new Error('cannot digest'); };\n";

describe("two homes at work on the same state", function () {
  this.timeout(400_000);
  let team: Team;
  let store: Store;
  const environment = { ...process.env };

  before(async () => {
    team = await makeTeam({ deployed: true });
    Object.assign(process.env, team.moto.env);
    store = new S3Store(team.ann.env.NAMI_STATE!, {});
  });
  after(async () => {
    process.env = environment;
    await team?.close();
  });

  const lock = async () => (await store.read(LOCK))?.body.toString();
  const steal = () =>
    store.write(
      LOCK,
      JSON.stringify({
        id: "thief",
        pid: 1,
        host: "far",
        command: "down demo",
        startedAt: "2026-01-01T00:00:00Z",
      }),
    );

  /** The name has code that throws for every event, and does not drain. */
  async function poisoned(): Promise<string> {
    const file = join(team.ann.files, "poison.ts");
    writeFileSync(file, POISON);
    return (await team.ann.json<{ url: string }>(["up", "demo", "--post-queue", file])).url;
  }

  it("of two `up`s at once one works, and one is LOCKED and says by whom", async () => {
    const [ann, bob] = await Promise.all([
      team.ann.nami(["up", "demo", "--batch-size", "3"]),
      team.bob.nami(["up", "demo", "--batch-size", "4"]),
    ]);
    const [won, lost] = ann.code === 0 ? [ann, bob] : [bob, ann];
    assert.equal(won.code, 0, won.err);
    assert.equal(lost.code, 1);
    assert.match(lost.err, /error\[LOCKED\]: demo is being worked on by `nami up demo` \(pid \d+ on /);
    const size = won === ann ? "3" : "4";
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo", "--batch-size", size])).changes, {});
    assert.equal(await lock(), undefined);
  });

  it("`ls` in the one home shows what the other is doing", async () => {
    let seen: Promise<{ state: string }[]> | undefined;
    const onStart = when(/Machine/, () => {
      seen = team.bob.json<{ state: string }[]>(["ls"]);
    });
    await team.ann.ok(["up", "demo"], { onStart });
    assert.equal((await seen)?.[0]?.state, "up is running");
  });

  it("a lock lost before something is written ends the operation, and nothing is written", async () => {
    const onStart = when(/Machine/, () => void steal());
    const { code, err } = await team.ann.nami(["up", "demo", "--batch-size", "9"], { onStart });
    assert.equal(code, 1);
    assert.match(
      err,
      /error\[LOCK_LOST\]: The lock of demo in the state was lost: `nami down demo` \(pid 1 on far\)/,
    );
    assert.match((await lock()) ?? "", /thief/);
    await store.remove(LOCK);
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo"])).changes, {});
  });

  it("a lock lost while waiting ends the operation at the next renewal", async () => {
    const url = await poisoned();
    assert.equal((await post(url, "{}", { "webhook-id": "p" })).status, 200);
    const onStart = when(/Draining/, () => void steal());
    const { code, err } = await team.ann.nami(["down", "demo", "--drain-timeout", "120"], { onStart });
    assert.equal(code, 1);
    assert.match(err, /error\[LOCK_LOST\]/);
    await store.remove(LOCK);
    // Whoever is next goes on from there: the way in is opened again, with what was deployed.
    assert.deepEqual((await team.ann.json<Changes>(["up", "demo"])).changes, { create: 1 });
  });

  it("a home without the user's code may not close a route that only the other could open again", async () => {
    await poisoned();
    renameSync(team.ann.files, `${team.ann.files}-elsewhere`);
    const { code, err } = await team.bob.nami(["down", "demo"]);
    renameSync(`${team.ann.files}-elsewhere`, team.ann.files);
    assert.equal(code, 2);
    assert.match(err, /error\[HANDLER_MISSING\]/);
    const [{ url }] = await team.bob.json<[{ url: string }]>(["ls"]);
    assert.equal((await post(url, "{}", { "webhook-id": "q" })).status, 200);
  });

  it("a machine with another host neither makes a local name a second time nor forgets the one that runs", async () => {
    const host = paths.host(team.bob.home);
    renameSync(host, `${host}-of-ann`);
    for (const args of [
      ["up", "demo"],
      ["down", "demo", "--discard", "--yes"],
    ]) {
      const { code, err } = await team.bob.nami(args);
      assert.equal(code, 1);
      assert.match(err, /error\[HOST_ELSEWHERE\]: demo runs on /);
    }
    rmSync(host, { recursive: true });
    renameSync(`${host}-of-ann`, host);
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo"])).changes, {});
  });

  it("an up that is killed is followed by one from the other home, which mends what it left", async () => {
    await team.ann.ok(["up", "demo", "--post-queue", ""]);
    const onStart = when(/Function .* changed|Pipeline demo/, (child) => child.kill("SIGKILL"));
    const killed = await team.ann.nami(["up", "demo", "--batch-size", "8"], { onStart });
    assert.equal(killed.code, null);
    assert.match((await lock()) ?? "", /up demo/);
    const { code, err } = await eventually(
      () => team.bob.nami(["up", "demo", "--batch-size", "8"]),
      (result) => result.code === 0,
      180,
    );
    assert.equal(code, 0, err);
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo", "--batch-size", "8"])).changes, {});
    assert.equal(await lock(), undefined);
  });
});
