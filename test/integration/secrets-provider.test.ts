import assert from "node:assert/strict";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { makeTeam, type Team } from "../support/team";

interface Changes {
  changes: Record<string, number>;
}

describe("the secrets of a shared state", function () {
  this.timeout(240_000);
  let team: Team;
  let key: string;

  before(async () => {
    team = await makeTeam({});
    key = await team.moto.kmsKey();
  });
  after(() => team.close());

  const objects = async () => {
    const { Contents = [] } = await team.moto.s3.send(new ListObjectsV2Command({ Bucket: "team" }));
    return Contents.map(({ Key }) => Key!);
  };

  it("with neither key nor passphrase are refused before anything is touched, the bucket included", async () => {
    for (const verb of ["preview", "up"]) {
      const { code, err } = await team.ann.nami([verb, "demo"]);
      assert.equal(code, 1);
      assert.match(err, /error\[PASSPHRASE_NEEDED\]/);
      assert.doesNotMatch(err, /Machine/);
    }
    assert.deepEqual(await objects(), []);
  });

  it("under a key that is not there are an error that says so, and nothing is begun", async () => {
    const wrong = key.replace(/\/\/[\w-]+/, "//no-such-key");
    const { code, err } = await team.ann.nami(["up", "demo", "--secrets-provider", wrong]);
    assert.equal(code, 1);
    assert.match(err, /error\[SECRETS_KEY_UNUSABLE\].*no-such-key/);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls", "--all"]), []);
  });

  it("under a key take no passphrase, from nobody: the state says how they are encrypted", async () => {
    await team.ann.ok(["up", "demo", "--secrets-provider", key]);
    assert.deepEqual((await team.bob.json<Changes>(["preview", "demo"])).changes, {});
    assert.deepEqual((await team.bob.json<Changes>(["up", "demo", "--batch-size", "3"])).changes, {
      update: 1,
    });
    assert.deepEqual((await team.ann.json<Changes>(["preview", "demo"])).changes, {});
    const preview = await team.bob.bare("demo", "pulumi preview -s demo --non-interactive --json");
    assert.deepEqual(Object.keys((JSON.parse(preview) as { changeSummary: object }).changeSummary), ["same"]);
  });

  it("of another name in the same state are under the same key", async () => {
    const { stacks } = await team.bob.json<{ stacks: { stack: string }[] }>(["preview", "bills"]);
    assert.deepEqual(
      stacks.map(({ stack }) => stack),
      ["nami-data/bills", "nami/bills"],
    );
  });

  it("stay under the key they were begun with", async () => {
    for (const other of ["passphrase", key.replace(/\/\/[\w-]+/, "//other")]) {
      const { code, err } = await team.bob.nami(["up", "demo"], { env: { NAMI_SECRETS_PROVIDER: other } });
      assert.equal(code, 1);
      assert.match(
        err,
        /error\[SECRETS_PROVIDER_CHANGED\].*\n.*try: nami state move --from .* --secrets-provider/,
      );
    }
    assert.deepEqual(
      (await team.bob.json<Changes>(["preview", "demo", "--secrets-provider", key])).changes,
      {},
    );
  });

  it("are no hindrance to taking it down", async () => {
    await team.bob.ok(["down", "demo", "--purge", "--yes"]);
    assert.deepEqual(await team.ann.json<unknown[]>(["ls", "--all"]), []);
  });
});
