import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { secretsIn } from "../support/find-secrets";
import { makeTeam, type Team } from "../support/team";

interface Changes {
  changes: Record<string, number>;
}

const CODE = "export default async (event: object) => ({ ...event, body: { seen: true } });\n";

describe("a second home and checkout on the same bucket as the first", function () {
  this.timeout(400_000);
  let team: Team;

  before(async () => {
    team = await makeTeam({ deployed: true });
    await team.ann.ok(["up", "demo", "--batch-size", "4"]);
  });
  after(() => team?.close());

  it("lists what the first has deployed, also without the passphrase", async () => {
    const [row, ...others] = await team.bob.json<{ name: string; state: string; url: string }[]>(["ls"]);
    assert.deepEqual([row?.name, row?.state, others], ["demo", "deployed", []]);
    const { out } = await team.bob.ok(["ls"], { env: { PULUMI_CONFIG_PASSPHRASE: "" } });
    assert.match(out, /demo +local +deployed/);
  });

  it("changes what was asked for and nothing else: zips are the same from another checkout", async () => {
    const { checkout } = team.bob;
    const preview = await team.bob.json<Changes>(["preview", "demo"], { checkout });
    assert.deepEqual(preview.changes, {});
    const up = await team.bob.json<Changes>(["up", "demo", "--log-retention", "30d"], { checkout });
    assert.deepEqual(Object.keys(up.changes), ["update"]);
  });

  it("and the first see each other's options, as does a bare pulumi, and none resets another's", async () => {
    const one = { update: 1 };
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo", "--concurrency", "6"])).changes, one);
    assert.deepEqual((await team.ann.json<Changes>(["up", "demo", "--max-receives", "4"])).changes, one);
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
    const change =
      "pulumi config set nami:batchSize 5 && pulumi up -s demo --yes --skip-preview --non-interactive";
    await team.bob.bare("demo", change);
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo"])).changes, {});
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo", "--batch-size", "5"])).changes, {});
  });

  it("can read the secrets of the name, which stand in no object of the bucket in clear", async () => {
    const output = async (stack: string, name: string) =>
      (
        await team.bob.bare("demo", `pulumi stack output ${name} -s organization/${stack} --show-secrets`)
      ).trim();
    const secrets = [
      { name: "the passphrase", value: team.bob.env.PULUMI_CONFIG_PASSPHRASE! },
      { name: "the Mongo password", value: await output("nami-data/demo", "password") },
      { name: "the probe key", value: await output("nami/demo", "probeKey") },
    ];
    for (const { value } of secrets.slice(1)) assert.match(value, /^[0-9a-f]{64}$/);
    const { Contents = [] } = await team.moto.s3.send(new ListObjectsV2Command({ Bucket: "team" }));
    assert.ok(Contents.length > 15, `only ${Contents.length} objects`);
    for (const { Key } of Contents) {
      const { Body } = await team.moto.s3.send(new GetObjectCommand({ Bucket: "team", Key }));
      assert.deepEqual(secretsIn(Buffer.from(await Body!.transformToByteArray()), secrets), [], Key);
    }
  });

  it("refuses to deploy without the first's user code, and takes the same code at another path for no change", async () => {
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
    // Under the same name: that stands in stacks.
    const file = join(team.bob.files, "elsewhere", "post.ts");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, CODE);
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo", "--post-queue", file])).changes, {});
  });

  it("takes the name down, and then the first knows of nothing but kept data, or of nothing at all", async () => {
    await team.bob.ok(["down", "demo"]);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls"]), []);
    assert.match((await team.ann.ok(["ls", "--all"])).out, /demo .*data kept/);
    await team.bob.ok(["down", "demo", "--purge", "--yes"]);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls", "--all"]), []);
  });
});
