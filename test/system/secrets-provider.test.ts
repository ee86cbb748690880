import assert from "node:assert/strict";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Result } from "../support/nami";
import { makeTeam, type Team } from "../support/team";

interface Changes {
  changes: Record<string, number>;
}

describe("the secrets of a shared state", function () {
  this.timeout(240_000);
  let team: Team;
  let key: string;
  /** How runs ended that were made before there was anything in the bucket. */
  const early: Record<"preview" | "up" | "wrongKey", Result> = {} as never;
  /** What was in the bucket after those. */
  let objectsThen: string[];
  let namesThen: unknown[];

  before(async () => {
    team = await makeTeam({ env: {} });
    key = await team.moto.kmsKey();
    for (const verb of ["preview", "up"] as const) early[verb] = await team.ann.nami([verb, "demo"]);
    objectsThen = await objects();
    const wrong = key.replace(/\/\/[\w-]+/, "//no-such-key");
    early.wrongKey = await team.ann.nami(["up", "demo", "--secrets-provider", wrong]);
    namesThen = await team.ann.json<unknown[]>(["ls", "--all"]);
    const few = ["--alarms", "off", "--dashboard", "off"];
    await team.ann.ok(["up", "demo", "--secrets-provider", key, ...few]);
  });
  after(() => team?.close());

  const objects = async () => {
    const { Contents = [] } = await team.moto.s3.send(new ListObjectsV2Command({ Bucket: "team" }));
    return Contents.map(({ Key }) => Key!);
  };

  it("with neither key nor passphrase are refused before anything is touched, the bucket included", () => {
    for (const verb of ["preview", "up"] as const) {
      const { code, err } = early[verb];
      assert.equal(code, 1);
      assert.match(err, /error\[PASSPHRASE_NEEDED\]/);
      assert.doesNotMatch(err, /Machine/);
    }
    assert.deepEqual(objectsThen, []);
  });

  it("under a key that is not there are an error that says so, and nothing is begun", () => {
    const { code, err } = early.wrongKey;
    assert.equal(code, 1);
    assert.match(err, /error\[SECRETS_KEY_UNUSABLE\].*no-such-key/);
    assert.deepEqual(namesThen, []);
  });

  it("under a key take no passphrase, from nobody: the state says how they are encrypted", async () => {
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
