import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type DemoHome, demoHome } from "../support/home-template";
import { startMongo, type TestMongo } from "../support/mongo";
import { json, nami, ok, up } from "../support/nami";

interface Status {
  options: Record<string, string>;
}

describe("the data of a name keeps its options", function () {
  this.timeout(300_000);
  let home: DemoHome;

  beforeEach(async () => {
    home = await demoHome();
  });
  afterEach(() => home?.close());

  const given = async () => {
    const { "--mongo-port": _chosen, ...options } = (await json<Status>(home.dir, ["status", "demo"]))
      .options;
    return options;
  };
  const refusesOlderMongo = async (verb: string, ...flags: string[]) => {
    const { code, err } = await nami(home.dir, [verb, "demo", "--mongo-version", "7.0", ...flags]);
    assert.equal(code, 1, verb);
    assert.match(err, /error\[MONGO_VERSION_REFUSED\]/);
  };
  /** What a kill right after `stack init` leaves. */
  const beginPipeline = () => {
    const checkpoint = { version: 3, checkpoint: { stack: "organization/nami/demo", latest: null } };
    const stacks = join(paths.state(home.dir), ".pulumi", "stacks", "nami");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "demo.json"), JSON.stringify(checkpoint));
  };

  it("up after down begins with them, asks for forgotten secrets, and refuses an older MongoDB or another place", async () => {
    const kept = { "--concurrency": "7", "--max-receives": "4", "--mongo-version": "8.0.12" };
    const env = { CODE: "KEY=s3cret" };
    const flags = Object.entries(kept).flat();
    await ok(home.dir, ["up", "demo", ...flags, "--code-secrets", "env:CODE"], { env });
    await refusesOlderMongo("preview");
    await refusesOlderMongo("up");
    assert.deepEqual(await given(), kept);

    const { out } = await ok(home.dir, ["down", "demo"]);
    assert.match(out, /events and its options are kept/);
    await refusesOlderMongo("up", "--code-secrets", "");
    const bare = await nami(home.dir, ["up", "demo"]);
    assert.equal(bare.code, 1, "a secret that went with the pipeline must be given again, or taken back");
    assert.match(bare.err, /error\[SECRETS_FORGOTTEN\]: demo had --code-secrets/);
    const elsewhere = await nami(home.dir, ["down", "demo", "--purge", "--yes", "--region", "eu-west-1"]);
    assert.equal(elsewhere.code, 1, "a name in another place is another name");
    assert.match(elsewhere.err, /error\[NAME_UNKNOWN\].*It lives with --region us-east-1/);
    // The kept options count even when an `up` was killed right after it began the pipeline.
    beginPipeline();
    await up(home.dir, "demo", "--max-receives", "6", "--code-secrets", "");
    assert.deepEqual(await given(), { ...kept, "--max-receives": "6" });
  });

  it("after a purge the name begins without them, with an older MongoDB and in another zone, which stays from then on", async () => {
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
    await up(home.dir, "demo", "--mongo-version", "7.0", "--zone", "us-east-1b");
    assert.deepEqual(await given(), { "--mongo-version": "7.0", "--zone": "us-east-1b" });
    assert.deepEqual((await json<{ changes: object }>(home.dir, ["preview", "demo"])).changes, {});
    const { code, err } = await nami(home.dir, ["up", "demo", "--zone", "us-east-1c"]);
    assert.equal(code, 1);
    assert.match(err, /error\[VOLUME_STAYS\].*us-east-1b/);
  });

  describe("beside a MongoDB of your own", () => {
    let mongo: TestMongo;
    before(async () => {
      mongo = await startMongo();
    });
    after(() => mongo?.close());

    it("up goes back to them when the URI of that MongoDB went with the pipeline", async () => {
      const env = { OWN_URI: mongo.uri };
      await ok(home.dir, ["up", "demo", "--volume-size", "30", "--concurrency", "7"]);
      await ok(home.dir, ["up", "demo", "--mongo-uri", "env:OWN_URI"], { env });
      assert.equal((await given())["--volume-size"], undefined);
      await ok(home.dir, ["down", "demo"]);
      await up(home.dir, "demo");
      assert.deepEqual(await given(), { "--concurrency": "7", "--volume-size": "30" });
    });

    it("down of a name that has no data says which options the next up needs again", async () => {
      const env = { OWN_URI: mongo.uri };
      await ok(home.dir, ["up", "own", "--mongo-uri", "env:OWN_URI", "--batch-size", "3"], { env });
      const { out } = await ok(home.dir, ["down", "own"]);
      assert.match(out, /to be given again with the next up: .*--mongo-uri/);
      assert.match(out, /--batch-size/);
      assert.doesNotMatch(out, /--target/);
    });
  });
});
