import assert from "node:assert/strict";
import { type DemoHome, demoHome } from "../support/home-template";
import { json, nami } from "../support/nami";

describe("two `up`s of one name at once", function () {
  this.timeout(240_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  it("are one that works and one that says who holds the lock and changes nothing", async () => {
    const results = await Promise.all([
      nami(home.dir, ["up", "demo", "--yes", "--batch-size", "4"], { spawned: true }),
      nami(home.dir, ["up", "demo", "--yes", "--batch-size", "3"], { spawned: true }),
    ]);
    const [won, lost] = results[0]!.code === 0 ? results : [results[1]!, results[0]!];
    assert.equal(won.code, 0, won.err);
    assert.equal(lost.code, 1);
    assert.match(lost.err, /error\[LOCKED\].*pid \d+/s);
    assert.equal((await json<unknown[]>(home.dir, ["ls"])).length, 1);
    const winning = ["--batch-size", results[0] === won ? "4" : "3"];
    const again = await json<{ changes: Record<string, number> }>(home.dir, [
      "up",
      "demo",
      "--yes",
      ...winning,
    ]);
    assert.deepEqual(again.changes, {});
  });
});
