import assert from "node:assert/strict";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { program } from "../../../infra/program";
import { type Graph, run, sharedStacks } from "../../support/pulumi-mocks";

const FUNCTIONS = ["pre-queue", "post-queue", "operator", "watchdog"];
const ROOT = join(__dirname, "..", "..", "..");

/** Names and texts of a function's zip. */
async function zipOf(graph: Graph, kind: string): Promise<Record<string, string>> {
  const assets = await graph.one("aws:lambda/function:Function", `-${kind}`).inputs.code.assets;
  const files = Object.entries(assets as Record<string, { text?: Promise<string>; path?: Promise<string> }>);
  const read = files.map(async ([name, asset]) => {
    const text = await asset.text;
    return [name, text ?? readFileSync(join(graph.cwd, (await asset.path)!), "utf8")];
  });
  return Object.fromEntries(await Promise.all(read));
}

describe("the program with its own bundler", function () {
  this.timeout(120_000);

  it("the zips hold compiled bundles, the same in a checkout with dependencies as in the command's own folder", async () => {
    const own = await run(program, { stacks: sharedStacks });
    const checkout = await run(program, { stacks: sharedStacks, cwd: ROOT });
    assert.equal(checkout.cwd, realpathSync(ROOT));
    for (const kind of FUNCTIONS) {
      const zip = await zipOf(own, kind);
      const [index, bundle, ...more] = Object.keys(zip).sort().reverse();
      assert.deepEqual([index, more], ["__index.js", []]);
      assert.match(bundle!, new RegExp(`^\\.nami/build/orders/[0-9a-f]{16}/${kind}\\.js$`));
      assert.match(zip[bundle!]!, /createHandler/);
      assert.deepEqual(await zipOf(checkout, kind), zip);
    }
  });
});
