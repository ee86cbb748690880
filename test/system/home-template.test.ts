import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { makeHome, type TestHome } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { hosted } from "../support/killed-engine";
import { eventually, json, storedEvents, up } from "../support/nami";
import { post } from "../support/post";

const STACKS = [
  ["nami", "demo"],
  ["nami-data", "demo"],
  ["nami-gateway", "local-us-east-1"],
] as const;

const checkpointFile = (home: string, project: string, stack: string) =>
  join(paths.state(home), ".pulumi", "stacks", project, `${stack}.json`);

/** Of the stack as the engine keeps it, without what is random or a time. */
function deployed(home: string, project: string, stack: string): string[] {
  const file = checkpointFile(home, project, stack);
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest: { resources: { urn: string; inputs?: object; outputs?: object }[] } };
  };
  return checkpoint.latest.resources.map(
    ({ urn, inputs, outputs }) =>
      `${urn} ${Object.keys(inputs ?? {}).sort()} ${Object.keys(outputs ?? {}).sort()}`,
  );
}

describe("a NAMI_HOME copied from the template", function () {
  this.timeout(300_000);
  let copied: DemoHome;
  let made: TestHome;

  before(async () => {
    copied = await demoHome();
    made = await makeHome();
  });
  after(async () => {
    await copied?.close();
    await made?.close();
  });

  it("has what `nami up demo` makes in an empty one, and works like it", async () => {
    await up(made.dir, "demo");
    const types = (home: string) =>
      hosted(home)
        .map(({ urn, type }) => `${type} ${urn}`)
        .sort();
    assert.deepEqual(types(copied.dir), types(made.dir));
    for (const [project, stack] of STACKS) {
      assert.deepEqual(
        deployed(copied.dir, project, stack).sort(),
        deployed(made.dir, project, stack).sort(),
      );
    }
    const salts = STACKS.map(
      ([project, stack]) =>
        /"salt":\s*"([^"]+)"/.exec(readFileSync(checkpointFile(made.dir, project, stack), "utf8"))?.[1],
    );
    assert.ok(salts[0]?.startsWith("v1:"));
    assert.deepEqual(new Set(salts).size, 1, "the engine makes a key of the passphrase once in a run");
    assert.ok(copied.url.startsWith(`http://${copied.gateway}/`), copied.url);
    assert.equal((await post(copied.url, "x", { "webhook-id": "a" })).status, 200);
    const stored = await eventually(
      () => storedEvents(copied.dir, "demo"),
      (all) => all.length > 0,
      60,
    );
    assert.deepEqual(
      stored.map(({ _id }) => _id),
      ["demo:a"],
    );
    const { changes } = await json<{ changes: object }>(copied.dir, ["up", "demo", "--yes"]);
    assert.deepEqual(changes, {});
  });
});
