import assert from "node:assert/strict";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, storedEvents, up } from "../support/nami";
import { post } from "../support/post";

describe("an `up` that is interrupted", function () {
  this.timeout(300_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  for (const [i, seconds] of [2, 5, 8].entries()) {
    it(`by Ctrl+C after ${seconds} s exits 130; the next \`up\` mends it`, async () => {
      const name = `cut-${i}`;
      const cut = await nami(home.dir, ["up", name, "--yes"], {
        onStart: (child) => setTimeout(() => child.kill("SIGINT"), seconds * 1000),
      });
      if (cut.code === 0) return; // it was quicker than the interruption
      assert.equal(cut.code, 130, cut.err);
      const url = await up(home.dir, name);
      assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
      assert.equal(
        (
          await eventually(
            () => storedEvents(home.dir, name),
            (all) => all.length > 0,
            20,
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
      onStart: (child) => setTimeout(() => child.kill("SIGKILL"), 4000),
    });
    assert.notEqual(killed.code, 0);
    const url = await up(home.dir, "killed");
    assert.equal((await post(url, "x")).status, 200);
  });
});
