import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeHome, type TestHome } from "../support/home";
import { json, nami } from "../support/nami";

interface Failure {
  error: { code: string; message: string; hint: string };
}

describe("bad input", function () {
  this.timeout(180_000);
  let home: TestHome;
  let code: string;
  beforeEach(async () => {
    home = await makeHome();
    code = mkdtempSync(join(tmpdir(), "nami-code-"));
  });
  afterEach(async () => {
    await home.close();
    rmSync(code, { recursive: true, force: true });
  });

  /** Runs what is to fail; answers the error it printed. */
  async function refused(exit: number, ...args: string[]): Promise<Failure["error"]> {
    const { code: left, out, err } = await nami(home.dir, [...args, "--json"]);
    assert.equal(left, exit, out + err);
    return (JSON.parse(out) as Failure).error;
  }

  it("user code that cannot work is refused with its place, before anything is made", async () => {
    const file = join(code, "store.ts");
    const up = (exit = 2) => refused(exit, "up", "demo", "--yes", "--post-queue", file);
    assert.equal((await up()).code, "HANDLER_MISSING");
    writeFileSync(file, "export default async () => {\n  const x = ;\n};\n");
    const wrong = await up();
    assert.equal(wrong.code, "HANDLER_INVALID");
    assert.match(wrong.hint, new RegExp(`${file}:2:13\n +const x = ;\n +\\^`));
    writeFileSync(file, "export const x = 1;\n");
    assert.equal((await up()).code, "HANDLER_NO_DEFAULT");
    assert.deepEqual(await json(home.dir, ["ls", "--all"]), []);
    assert.equal((await refused(1, "host", "status")).code, "HOST_NOT_RUNNING");
  });
});
