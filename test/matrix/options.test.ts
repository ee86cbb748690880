import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionsOf } from "../../infra/options";
import { type DemoHome, demoHome } from "../support/home-template";
import { json, storedEvents } from "../support/nami";
import { effects, elsewhere, type Preview, told } from "../support/option-effects";
import { post } from "../support/post";

/** Each option by itself, through the real engine. All at once are in system/options; each, on the graph, in unit/infra. */
describe("what a preview says, `up` does", function () {
  this.timeout(900_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
    writeFileSync(join(home.dir, "pre.ts"), "export default async (event: unknown) => event;\n");
    writeFileSync(join(home.dir, "post.ts"), "export default async (event: unknown) => event;\n");
    assert.equal((await post(home.url, "kept", { "webhook-id": "kept" })).status, 200);
  });
  after(() => home?.close());

  it("is known of every option that a name has", () => {
    const names = optionsOf("name").map(({ name }) => name);
    assert.deepEqual([...Object.keys(effects), ...elsewhere].sort(), names.sort());
  });

  for (const [name, effect] of Object.entries(effects)) {
    const { flag } = optionsOf("name").find((option) => option.name === name)!;
    it(`is the same for --${flag}, and what is stored stays`, async () => {
      const flags = [`--${flag}`, await effect.value(home.dir)];
      const preview = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
      assert.deepEqual(told(preview), [...new Set(effect.changes)].sort());
      const { changes } = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
      const { update = 0, ...others } = preview.changes;
      if (effect.newHost) {
        assert.ok((changes.update ?? 0) <= update);
        assert.deepEqual({ ...changes, update: 0 }, { ...others, update: 0 });
      } else assert.deepEqual(changes, preview.changes);
      assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
      assert.deepEqual(
        (await storedEvents(home.dir, "demo")).map(({ _id }) => _id),
        ["demo:kept"],
      );
    });
  }
});
