import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { mongoHostScript } from "../../infra/mongo-host-script";
import { pythonTool } from "../../tools/python-tools";

const root = join(__dirname, "..", "..");
const home = resolve(process.env.NAMI_TEST_HOME ?? join(root, ".nami", "test-home"));
const shellcheck = join(pythonTool(home, "shellcheck") ?? "not-installed", "shellcheck");

/** What shellcheck has to say: nothing, of good bash. */
function said(...args: [file: string] | [stdin: "-", input: string]): string {
  const [file, input] = args;
  const { stdout, stderr } = spawnSync(shellcheck, ["--norc", file], { cwd: root, input, encoding: "utf8" });
  return `${stdout}${stderr}`;
}

describe("shellcheck", function () {
  this.timeout(30_000);

  before(() => {
    assert.ok(existsSync(shellcheck), `shellcheck is not installed in ${home}. Run: npm test -- tools`);
    assert.match(said("-", "#!/bin/bash\necho $1\n"), /SC2086/);
  });

  for (const file of [
    ".ci/run",
    "local/host/instances/stand-ins.sh",
    ...readdirSync(join(root, "infra", "mongo-host"))
      .filter((name) => name.endsWith(".sh"))
      .map((name) => `infra/mongo-host/${name}`),
  ]) {
    it(`has nothing to say of ${file}`, () => assert.equal(said(file), ""));
  }

  it("has nothing to say of the user data of the Mongo host", () => {
    const script = mongoHostScript({
      region: "us-east-1",
      volumeId: "vol-0123456789abcdef0",
      passwordParameter: "/nami/it's/mongo-password",
      mongoVersion: "8.0",
      port: 27_017,
    });
    assert.equal(said("-", script), "");
  });
});
