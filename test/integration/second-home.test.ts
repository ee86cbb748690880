import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeTeam, type Team } from "../support/team";

interface Changes {
  changes: Record<string, number>;
}

const CODE = "export default async (event: object) => ({ ...event, body: { seen: true } });\n";

describe("a second home and checkout on the same bucket", function () {
  this.timeout(400_000);
  let team: Team;

  before(async () => {
    team = await makeTeam();
    await team.ann.ok(["up", "demo", "--batch-size", "4"]);
  });
  after(() => team.close());

  it("lists what is deployed, also without the passphrase", async () => {
    const [row, ...others] = await team.bob.json<{ name: string; state: string; url: string }[]>(["ls"]);
    assert.deepEqual([row?.name, row?.state, others], ["demo", "deployed", []]);
    const { out } = await team.bob.ok(["ls"], { env: { PULUMI_CONFIG_PASSPHRASE: "" } });
    assert.match(out, /demo +local +deployed/);
  });

  it("previews no changes, and an `up` makes none: zips are the same from another checkout", async () => {
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo"])).changes, {});
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo"])).changes, {});
  });

  it("changes an option, which the first sees: nobody resets anybody's", async () => {
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo", "--concurrency", "6"])).changes, {
      update: 1,
    });
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo"])).changes, {});
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo", "--concurrency", "6"])).changes, {});
    assert.deepEqual((await team.ann.json<Changes>(["up", "demo", "--max-receives", "4"])).changes, {
      update: 1,
    });
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo", "--batch-size", "4"])).changes, {});
  });

  it("is at home with a bare pulumi: no changes, outputs, config", async () => {
    const preview = JSON.parse(
      await team.bob.bare("demo", "pulumi preview -s demo --non-interactive --json"),
    ) as {
      changeSummary: Record<string, number>;
    };
    assert.deepEqual(Object.keys(preview.changeSummary), ["same"]);
    const outputs = JSON.parse(await team.bob.bare("demo", "pulumi stack output -s demo --json"));
    assert.match(outputs.url, /\/demo$/);
    const config = JSON.parse(await team.bob.bare("demo", "pulumi config -s demo --json"));
    assert.deepEqual([config["nami:concurrency"]?.value, config["nami:batchSize"]?.value], ["6", "4"]);
  });

  it("what a bare pulumi deployed counts for both", async () => {
    const change =
      "pulumi config set nami:batchSize 5 && pulumi up -s demo --yes --skip-preview --non-interactive";
    await team.bob.bare("demo", change);
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo"])).changes, {});
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo", "--batch-size", "5"])).changes, {});
  });

  it("user code that is not there is an error on preview, up and a bare pulumi, never the default code", async () => {
    writeFileSync(join(team.ann.files, "post.ts"), CODE);
    await team.ann.ok(["up", "demo", "--post-queue", join(team.ann.files, "post.ts")]);
    // As if Ann's folder were on another machine: the path means nothing here.
    renameSync(team.ann.files, `${team.ann.files}-elsewhere`);
    for (const verb of ["preview", "up"]) {
      const { code, err } = await team.bob.nami([verb, "demo"]);
      assert.equal(code, 2);
      assert.match(err, /error\[HANDLER_MISSING\].*\n.*try: nami up demo --post-queue FILE/);
    }
    const bare = await team.bob.bare("demo", "pulumi preview -s demo --non-interactive 2>&1 || true");
    assert.match(bare, /HANDLER_MISSING: There is no file .*post\.ts[\s\S]*nami up demo --post-queue FILE/);
  });

  it("the same user code at another path makes no changes", async () => {
    // Under the same name: that stands in stacks.
    const file = join(team.bob.files, "elsewhere", "post.ts");
    mkdirSync(dirname(file));
    writeFileSync(file, CODE);
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo", "--post-queue", file])).changes, {});
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo"])).changes, {});
  });

  it("takes it down, and then the first knows of nothing", async () => {
    await team.bob.ok(["down", "demo"]);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls"]), []);
    assert.match((await team.ann.ok(["ls", "--all"])).out, /demo .*data kept/);
    await team.bob.ok(["down", "demo", "--purge", "--yes"]);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls", "--all"]), []);
  });
});
