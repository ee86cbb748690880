import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OptionName, optionsOf } from "../../infra/options";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, storedEvents } from "../support/nami";
import { effects, elsewhere, type Preview, told } from "../support/option-effects";
import { post } from "../support/post";

/** These replace the machine, or take away what others change. */
const apart: OptionName[] = ["mongoVersion", "mongoPort", "vpc", "egress", "dashboard", "alarms"];
const together = (Object.keys(effects) as OptionName[]).filter((name) => !apart.includes(name));

describe("what a preview says of options, `up` does", function () {
  this.timeout(600_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
    for (const file of ["pre.ts", "post.ts"])
      writeFileSync(join(home.dir, file), "export default async (event: unknown) => event;\n");
    assert.equal((await post(home.url, "kept", { "webhook-id": "kept" })).status, 200);
  });
  after(() => home?.close());

  async function flagsOf(names: OptionName[]): Promise<string[]> {
    const pairs = names.map(async (name) => {
      const { flag } = optionsOf("name").find((option) => option.name === name)!;
      return [`--${flag}`, await effects[name]!.value(home.dir)];
    });
    return (await Promise.all(pairs)).flat();
  }

  /** Previews the options together, asserts that what each changes is told, and brings them up. */
  async function bringUp(names: OptionName[]): Promise<{ foreseen: Preview; done: Preview }> {
    const flags = await flagsOf(names);
    const foreseen = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
    const all = told(foreseen);
    for (const name of names)
      for (const change of effects[name]!.changes)
        assert.ok(all.includes(change), `--${name}: ${change}\n${all}`);
    const done = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
    assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
    return { foreseen, done };
  }

  const isKept = async () => {
    const ids = async () => (await storedEvents(home.dir, "demo")).map(({ _id }) => _id);
    assert.deepEqual(await eventually(ids, (all) => all.includes("demo:kept"), 60), ["demo:kept"]);
  };

  it("is known of every option that a name has", () => {
    const names = optionsOf("name").map(({ name }) => name);
    assert.deepEqual([...Object.keys(effects), ...elsewhere].sort(), names.sort());
  });

  it(`for ${together.length} of them together, and what is stored stays`, async () => {
    const { foreseen, done } = await bringUp(together);
    assert.deepEqual(done.changes, foreseen.changes);
    await isKept();
  });

  it("for those that put another machine in the place of the old one, and what is stored stays", async () => {
    const { foreseen, done } = await bringUp(["mongoVersion", "mongoPort", "vpc"]);
    // What depends on the new machine's address is updated only if that is another one, which nobody knows before.
    assert.ok((done.changes.update ?? 0) <= (foreseen.changes.update ?? 0));
    assert.deepEqual({ ...done.changes, update: 0 }, { ...foreseen.changes, update: 0 });
    await isKept();
  });
});
