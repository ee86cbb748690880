import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, storedEvents, up } from "../support/nami";
import { post } from "../support/post";
import { when } from "../support/when";

describe("an `up` that is interrupted", function () {
  this.timeout(300_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  const moments: [string, RegExp, number][] = [
    ["as its data is begun", /^Data$/m, 0],
    ["as its pipeline is begun", /^Pipeline /m, 0],
    ["in the middle of its pipeline", /^Pipeline /m, 1000],
  ];
  for (const [i, [moment, text, later]] of moments.entries()) {
    it(`by Ctrl+C ${moment} exits 130; the next \`up\` mends it`, async () => {
      const name = `cut-${i}`;
      const cut = await nami(home.dir, ["up", name, "--yes"], {
        onStart: when(text, (child) => setTimeout(() => child.kill("SIGINT"), later)),
      });
      assert.equal(cut.code, 130, cut.err);
      const url = await up(home.dir, name);
      assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
      assert.equal(
        (
          await eventually(
            () => storedEvents(home.dir, name),
            (all) => all.length > 0,
            60,
          )
        ).length,
        1,
      );
      const again = await json<{ changes: Record<string, number> }>(home.dir, ["up", name, "--yes"]);
      assert.deepEqual(again.changes, {});
    });
  }

  it("by kill -9 leaves a lock of a dead process, which the next `up` clears", async () => {
    const killed = await nami(home.dir, ["up", "killed", "--yes"], {
      onStart: when(/^Pipeline /m, (child) => child.kill("SIGKILL")),
    });
    assert.equal(killed.code, null);
    assert.ok(existsSync(join(paths.locks(home.dir), "killed.json")));
    const url = await up(home.dir, "killed");
    assert.equal((await post(url, "x")).status, 200);
  });
});
