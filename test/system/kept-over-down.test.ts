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

describe("what a name's data keeps of it", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let mongo: TestMongo;

  before(async () => {
    mongo = await startMongo();
  });
  beforeEach(async () => {
    home = await demoHome();
  });
  afterEach(() => home?.close());
  after(() => mongo?.close());

  const given = async () => {
    const { "--mongo-port": _chosen, ...options } = (await json<Status>(home.dir, ["status", "demo"]))
      .options;
    return options;
  };
  const options = ["--concurrency", "7", "--max-receives", "4", "--mongo-version", "8.0.12"];
  const kept = { "--concurrency": "7", "--max-receives": "4", "--mongo-version": "8.0.12" };

  it("is its options and the version that MongoDB answered with, but no secret: the next up begins with them", async () => {
    const secret = { CODE: "KEY=s3cret" };
    await ok(home.dir, ["up", "demo", ...options, "--code-secrets", "env:CODE"], { env: secret });
    // An older version is refused before anything is begun.
    for (const verb of ["preview", "up"]) {
      const { code, err } = await nami(home.dir, [verb, "demo", "--mongo-version", "7.0"]);
      assert.equal(code, 1);
      assert.match(err, /error\[MONGO_VERSION_REFUSED\]/);
    }
    assert.deepEqual(await given(), kept);

    const { out } = await ok(home.dir, ["down", "demo"]);
    assert.match(out, /events and its options are kept/);
    const { code, err } = await nami(home.dir, [
      "up",
      "demo",
      "--mongo-version",
      "7.0",
      "--code-secrets",
      "",
    ]);
    assert.equal(code, 1, "also while the pipeline is down");
    assert.match(err, /error\[MONGO_VERSION_REFUSED\]/);
    const bare = await nami(home.dir, ["up", "demo"]);
    assert.equal(bare.code, 1, "a secret that went with the pipeline is not done without in silence");
    assert.match(bare.err, /error\[SECRETS_FORGOTTEN\]: demo had --code-secrets/);
    await up(home.dir, "demo", "--max-receives", "6", "--code-secrets", "");
    assert.deepEqual(await given(), { ...kept, "--max-receives": "6" });

    // After a purge a name begins again.
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
    await up(home.dir, "demo", "--mongo-version", "7.0");
    assert.deepEqual(await given(), { "--mongo-version": "7.0" });
  });

  it("stays as it is beside a MongoDB of the user's, for an up that goes back to it", async () => {
    const env = { OWN_URI: mongo.uri };
    await ok(home.dir, ["up", "demo", "--concurrency", "7", "--volume-size", "30"]);
    await ok(home.dir, ["up", "demo", "--mongo-uri", "env:OWN_URI"], { env });
    assert.equal((await given())["--volume-size"], undefined);
    await ok(home.dir, ["down", "demo"]);
    await up(home.dir, "demo");
    assert.deepEqual(await given(), { "--concurrency": "7", "--volume-size": "30" });
  });

  it("is not deleted for a name of the same spelling in another region", async () => {
    await ok(home.dir, ["down", "demo"]);
    const { code, err } = await nami(home.dir, ["down", "demo", "--purge", "--yes", "--region", "eu-west-1"]);
    assert.equal(code, 1);
    assert.match(err, /error\[NAME_UNKNOWN\].*It lives with --region us-east-1/);
    assert.equal((await json<unknown[]>(home.dir, ["ls", "--all"])).length, 1);
  });

  it("is found behind a pipeline that was begun and came to nothing", async () => {
    await ok(home.dir, ["up", "demo", "--concurrency", "7"]);
    await ok(home.dir, ["down", "demo"]);
    // What a kill right after `stack init` leaves.
    const checkpoint = { version: 3, checkpoint: { stack: "organization/nami/demo", latest: null } };
    const stacks = join(paths.state(home.dir), ".pulumi", "stacks", "nami");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "demo.json"), JSON.stringify(checkpoint));
    await up(home.dir, "demo");
    assert.deepEqual(await given(), { "--concurrency": "7" });
  });

  it("is nothing where there is no data, and `down` says what is to be given again", async () => {
    const env = { OWN_URI: mongo.uri };
    await ok(home.dir, ["up", "own", "--mongo-uri", "env:OWN_URI", "--batch-size", "3"], { env });
    const { out } = await ok(home.dir, ["down", "own"]);
    assert.match(out, /to be given again with the next up: .*--mongo-uri/);
    assert.match(out, /--batch-size/);
    assert.doesNotMatch(out, /--target/);
  });

  it("is its zone, which is given to a name that begins and does not change", async () => {
    await up(home.dir, "zoned", "--zone", "us-east-1b");
    assert.deepEqual((await json<{ changes: object }>(home.dir, ["up", "zoned"])).changes, {});
    const { code, err } = await nami(home.dir, ["up", "zoned", "--zone", "us-east-1c"]);
    assert.equal(code, 1);
    assert.match(err, /error\[VOLUME_STAYS\].*us-east-1b/);
    await ok(home.dir, ["down", "zoned", "--purge", "--yes"]);
  });
});
