import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OptionName, options } from "../../infra/options";
import { makeHome, type TestHome } from "../support/home";
import { json, up } from "../support/nami";

interface Preview {
  changes: Record<string, number>;
  stacks: {
    changes: {
      action: string;
      type: string;
      name: string;
      properties: { path: string; before: string; after: string }[];
    }[];
  }[];
}

/** For each option: another value, and what it changes of the pipeline: `Type.path`, several where several depend on it. */
const effects: Partial<Record<OptionName, { value: (home: string) => string; changes: string[] }>> = {
  preQueueMemory: { value: () => "512", changes: ["Function.memorySize"] },
  preQueueTimeout: { value: () => "12s", changes: ["Function.timeout"] },
  postQueueMemory: { value: () => "1024", changes: ["Function.memorySize"] },
  postQueueTimeout: { value: () => "20s", changes: ["Function.timeout", "Queue.visibilityTimeoutSeconds"] },
  concurrency: { value: () => "7", changes: ["EventSourceMapping.scalingConfig.maximumConcurrency"] },
  batchSize: { value: () => "9", changes: ["EventSourceMapping.batchSize"] },
  batchWindow: {
    value: () => "1s",
    changes: ["EventSourceMapping.maximumBatchingWindowInSeconds", "Queue.visibilityTimeoutSeconds"],
  },
  maxReceives: { value: () => "6", changes: ["Queue.redrivePolicy.maxReceiveCount"] },
  retention: { value: () => "3d", changes: ["Queue.messageRetentionSeconds"] },
  deadLetterRetention: { value: () => "13d", changes: ["Queue.messageRetentionSeconds"] },
  preQueue: { value: (home) => join(home, "pre.ts"), changes: ["Function.code"] },
  postQueue: { value: (home) => join(home, "post.ts"), changes: ["Function.code"] },
};

/** These move the pipeline, or its store, and have tests of their own. */
const elsewhere: OptionName[] = ["target", "region", "mongoUri", "mongoPort"];

describe("what a preview says, `up` does", function () {
  this.timeout(600_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
    writeFileSync(join(home.dir, "pre.ts"), "export default async (event: unknown) => event;\n");
    writeFileSync(join(home.dir, "post.ts"), "export default async (event: unknown) => event;\n");
    await up(home.dir, "demo");
  });
  after(() => home.close());

  it("of every option that exists", () => {
    assert.deepEqual([...Object.keys(effects), ...elsewhere].sort(), options.map(({ name }) => name).sort());
  });

  for (const { name, flag } of options.filter((option) => effects[option.name])) {
    it(`--${flag}`, async () => {
      const { value, changes } = effects[name]!;
      const flags = [`--${flag}`, value(home.dir)];
      const preview = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
      const touched = preview.stacks.flatMap((stack) => stack.changes);
      assert.deepEqual([...new Set(touched.map(({ action }) => action))], ["update"]);
      const paths = touched.flatMap(({ type, properties }) =>
        properties.map(({ path }) => `${type}.${path}`),
      );
      assert.deepEqual([...new Set(paths)].sort(), changes);
      const done = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
      assert.deepEqual(done.changes, preview.changes);
      assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
    });
  }
});
