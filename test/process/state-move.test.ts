import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { StateFacts } from "../../cli/lifecycle/state-facts";
import { paths } from "../../local/paths";
import type { TestHome } from "../support/home";
import { demoHome } from "../support/home-template";
import { startMongo, type TestMongo } from "../support/mongo";
import { type Moto, startMoto } from "../support/moto";
import { nami, type Result, type RunOptions } from "../support/nami";
import { when } from "../support/when";

interface Changes {
  changes: Record<string, number>;
}

describe("a move of a state", function () {
  this.timeout(600_000);
  let home: TestHome;
  let moto: Moto;
  let mongo: TestMongo;
  let bucket: string;
  let own: string;
  /** Set from the first move on: what the team's state is encrypted with. */
  const team = { PULUMI_CONFIG_PASSPHRASE: "of all of us" };

  before(async () => {
    [home, moto] = await Promise.all([demoHome(), startMoto()]);
    mongo = await startMongo({ name: "me", password: "planted-in-mongo-uri" });
    bucket = await moto.bucket("team", "webhooks");
    own = `file://${paths.state(home.dir)}`;
    await ok(["up", "demo", "--batch-size", "3"]);
    // What alarms and dashboard hold, only `demo` has.
    const few = ["--alarms", "off", "--dashboard", "off"];
    await ok(["up", "bills", "--mongo-uri", "env:URI", ...few], { URI: mongo.uri });
    await ok(["up", "old", ...few]);
    await ok(["down", "old"]);
  });
  after(async () => {
    await home?.close();
    await Promise.all([moto?.close(), mongo?.close()]);
  });

  function run(args: string[], env: Record<string, string> = {}, options: RunOptions = {}): Promise<Result> {
    return nami(home.dir, args, { ...options, env: { ...moto.env, ...env } });
  }
  async function ok(
    args: string[],
    env: Record<string, string> = {},
    options: RunOptions = {},
  ): Promise<string> {
    const { code, out, err } = await run(args, env, options);
    assert.equal(code, 0, `nami ${args.join(" ")}\n${out}\n${err}`);
    return out;
  }
  const json = async <T>(args: string[], env?: Record<string, string>) =>
    JSON.parse(await ok([...args, "--json"], env)) as T;
  const facts = (state: string) => json<StateFacts>(["state", "show", "--state", state]);
  const there = async () => ["state", "move", "--from", own, "--to", bucket];

  /** Asserts that the state has everything, and that a preview of each of `names` shows no changes. */
  async function isAllAt(state: string, env?: Record<string, string>, names = ["demo", "bills"]) {
    const { dataKept, gateways, ...found } = await facts(state);
    assert.deepEqual([found.names, dataKept, gateways], [["bills", "demo"], ["old"], ["local-us-east-1"]]);
    const rows = await json<{ name: string; state: string }[]>(["ls", "--all"], env);
    assert.deepEqual(
      rows.map((row) => [row.name, row.state]),
      [
        ["bills", "deployed"],
        ["demo", "deployed"],
        ["old", "data kept"],
      ],
    );
    for (const name of names)
      assert.deepEqual((await json<Changes>(["preview", name], env)).changes, {}, name);
  }
  async function isEmpty(state: string): Promise<void> {
    const { names, dataKept, gateways, locks } = await facts(state);
    assert.deepEqual([names, dataKept, gateways, locks], [[], [], [], []]);
  }

  it("to a bucket needs a passphrase that all know, and is refused before anything is touched", async () => {
    const { code, err } = await run(await there());
    assert.equal(code, 1);
    assert.match(err, /error\[PASSPHRASE_NEEDED\]/);
    await isEmpty(bucket);
  });

  it("that is cancelled while it copies leaves everything where it was", async () => {
    const onStart = when(/Copying\n[\s\S]*nami/, (child) => child.kill("SIGINT"));
    const { code, err } = await run(await there(), team, { onStart });
    assert.equal(code, 130);
    assert.match(err, /error\[MOVE_CANCELLED\]: Cancelled\. Nothing was moved/);
    await isEmpty(bucket);
    assert.equal((await facts(own)).move, null);
    assert.deepEqual((await json<Changes>(["preview", "demo"])).changes, {});
  });

  it("that is killed goes on with the same command, brings everything to the bucket, and all of it back", async () => {
    const onStart = when(/Copying\n[\s\S]*nami\/demo/, (child) => child.kill("SIGKILL"));
    assert.equal((await run(await there(), team, { onStart })).code, null);
    for (const [args, env] of [
      [["up", "demo"], {}],
      [["preview", "new"], { ...team, NAMI_STATE: bucket }],
    ] as const) {
      const { code, err } = await run([...args], env);
      assert.equal(code, 1);
      assert.match(err, /error\[STATE_MOVING\].*\n.*try: nami state move --from/);
    }
    const again = when(/Forgetting at the source\n[\s\S]*nami/, (child) => child.kill("SIGKILL"));
    assert.equal((await run(await there(), team, { onStart: again })).code, null);
    await ok(await there(), team);

    // Every name, its data and the gateway are there, with no change to any, and none is left behind.
    await isAllAt(bucket, team);
    assert.deepEqual((await json<Changes>(["preview", "demo", "--batch-size", "3"], team)).changes, {});
    // With the names goes which machine they run on.
    await moto.s3.send(new HeadObjectCommand({ Bucket: "team", Key: "webhooks/.nami/host.json" }));
    await isEmpty(own);
    const left = readdirSync(join(paths.state(home.dir), ".pulumi"), { recursive: true, encoding: "utf8" });
    // What `down` left of a pipeline that is gone is no part of the state.
    assert.deepEqual(
      left.filter((file) => /\.(json|bak)\b/.test(file) && !/(nami|backups\/nami)\/old\b/.test(file)),
      [],
    );
    assert.equal((await facts(bucket)).move, null);

    // Secrets are encrypted as they are there.
    const others: Record<string, string>[] = [{}, { PULUMI_CONFIG_PASSPHRASE: "another" }];
    for (const env of others) {
      const { code, err } = await run(["preview", "bills"], env);
      assert.equal(code, 1);
      assert.match(err, /error\[PASSPHRASE_(NEEDED|WRONG)\]/);
    }
    // A secret option that is kept, not given anew, still is what it was.
    assert.deepEqual((await json<Changes>(["up", "bills"], team)).changes, {});

    // Another place for the same names is refused.
    const other = await run(["up", "demo", "--state", own], team);
    assert.equal(other.code, 1);
    assert.match(other.err, /error\[STATE_CHANGED\].*\n.*nami state move/);
    const empty = await run(["state", "move", "--from", own, "--to", bucket], team);
    assert.match(empty.err, /error\[STATE_EMPTY\]/);

    // Moved to where it lies already, its secrets come under a key, and back under the passphrase.
    const key = await moto.kmsKey();
    const same = ["state", "move", "--from", bucket, "--to", bucket];
    assert.equal((await run(same, team)).code, 2);
    await ok([...same, "--secrets-provider", key], team);
    assert.equal((await facts(bucket)).secretsProvider, key);
    await isAllAt(bucket, {}, ["bills"]);
    await ok([...same, "--secrets-provider", "passphrase"], team);
    assert.equal((await facts(bucket)).secretsProvider, "passphrase");
    await isAllAt(bucket, team, ["bills"]);

    // Back in the folder all is as it began, and a command that still looks in the bucket is told.
    await ok(["state", "move", "--from", bucket, "--to", own], team);
    await isAllAt(own, team);
    await isEmpty(bucket);
    const { code, err } = await run(["up", "new"], { ...team, NAMI_STATE: bucket });
    assert.equal(code, 1);
    assert.match(err, /error\[STATE_MOVED\]/);
    assert.deepEqual((await json<Changes>(["up", "bills"], team)).changes, {});
  });
});
