import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type DemoHome, demoHome } from "../support/home-template";
import { mends, upCutBy } from "../support/interrupted-up";
import { nami, up } from "../support/nami";
import { post } from "../support/post";
import { when } from "../support/when";

describe("an `up` that is interrupted", function () {
  this.timeout(300_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  // test/matrix/interrupted.test.ts has the moment between these.
  it("by Ctrl+C as its data is begun exits 130, and the next up mends the name", async () => {
    await upCutBy("SIGINT", home.dir, "early", /^Data$/m);
    await mends(home.dir, "early");
  });

  it("by Ctrl+C in the middle of its pipeline exits 130, and the next up mends the name", async () => {
    await upCutBy("SIGINT", home.dir, "pipeline", /^Pipeline /m, 1000);
    await mends(home.dir, "pipeline");
  });

  it("by kill -9 leaves the lock of a dead process, which the next up clears", async () => {
    const killed = await nami(home.dir, ["up", "killed", "--yes"], {
      onStart: when(/^Pipeline /m, (child) => child.kill("SIGKILL")),
    });
    assert.equal(killed.code, null);
    assert.ok(existsSync(join(paths.locks(home.dir), "killed.json")));
    const url = await up(home.dir, "killed");
    assert.equal((await post(url, "x")).status, 200);
  });
});
