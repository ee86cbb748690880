import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionsOf } from "../../infra/options";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, storedEvents } from "../support/nami";
import { effects, elsewhere, flagOf, type Preview, told } from "../support/option-effects";
import { post } from "../support/post";

describe("an option of a name, alone, on the real engine", function () {
  this.timeout(600_000);
  let home: DemoHome;

  beforeEach(async () => {
    home = await demoHome();
    writeFileSync(join(home.dir, "pre.ts"), "export default async (event: unknown) => event;\n");
    writeFileSync(join(home.dir, "post.ts"), "export default async (event: unknown) => event;\n");
    assert.equal((await post(home.url, "kept", { "webhook-id": "kept" })).status, 200);
    await eventually(ids, (all) => all.length > 0, 60);
  });
  afterEach(() => home?.close());

  const ids = async () => (await storedEvents(home.dir, "demo")).map(({ _id }) => _id);

  it("has an effect in the table, or a test elsewhere, each of them", () => {
    const names = optionsOf("name").map(({ name }) => name);
    assert.deepEqual([...Object.keys(effects), ...elsewhere].sort(), names.sort());
  });

  for (const [name, { value, changes: expected, needs = [], newHost }] of Object.entries(effects)) {
    it(`${flagOf(name)}: up does exactly what preview shows, and no stored event is lost`, async () => {
      if (needs.length > 0) await json<Preview>(home.dir, ["up", "demo", "--yes", ...needs]);
      const flags = [flagOf(name), await value(home.dir)];
      const preview = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
      assert.deepEqual(told(preview), [...new Set(expected)].sort());
      const { changes } = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
      const { update = 0, ...others } = preview.changes;
      if (newHost) {
        assert.ok((changes.update ?? 0) <= update);
        assert.deepEqual({ ...changes, update: 0 }, { ...others, update: 0 });
      } else assert.deepEqual(changes, preview.changes);
      assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
      assert.deepEqual(await ids(), ["demo:kept"]);
    });
  }
});
