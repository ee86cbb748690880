import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Backend } from "../../../../cli/deployments/backend";
import { ownState } from "../../../../cli/deployments/state";
import { paths } from "../../../../local/paths";
import { capturedIo } from "../../../support/captured-io";

const WHOLE = JSON.stringify({ checkpoint: { latest: { resources: [] } } });

describe("a state that a power cut has left empty", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-state-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const file = (name: string) => join(paths.state(home), ".pulumi", name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
  };
  const backend = (state = ownState(home)) => new Backend(home, capturedIo(), state);

  it("becomes what each stack was before, or nothing, and the engine finds its own version again", async () => {
    write("meta.yaml", "");
    write("stacks/nami/kept.json", WHOLE);
    write("stacks/nami/before.json", "");
    write("stacks/nami/before.json.bak", WHOLE);
    write("stacks/nami/zeros.json", "\0".repeat(4096));
    write("stacks/nami/twice.json", "");
    write("stacks/nami/twice.json.bak", "");
    write("locks/organization/nami/kept/1.json", "");
    // Of an engine that is at work now.
    write("locks/organization/nami/kept/2.json.18af.tmp", "");
    assert.deepEqual(await backend().names("nami"), ["before", "kept"]);
    assert.equal((await backend().stack("nami", "before"))?.stack, "before");
    assert.equal(readFileSync(file("stacks/nami/kept.json"), "utf8"), WHOLE);
    for (const gone of ["meta.yaml", "stacks/nami/zeros.json", "locks/organization/nami/kept/1.json"])
      assert.equal(existsSync(file(gone)), false, gone);
    assert.equal(existsSync(file("locks/organization/nami/kept/2.json.18af.tmp")), true);
  });

  it("stays as it is when it is whole, and where others may be writing it", async () => {
    write("meta.yaml", "version: 1\n");
    write("stacks/nami/kept.json", WHOLE);
    assert.deepEqual(await backend().names("nami"), ["kept"]);
    assert.equal(readFileSync(file("meta.yaml"), "utf8"), "version: 1\n");

    const shared = mkdtempSync(join(tmpdir(), "nami-shared-"));
    mkdirSync(join(shared, ".pulumi"));
    writeFileSync(join(shared, ".pulumi", "meta.yaml"), "");
    assert.deepEqual(await backend(`file://${shared}`).names("nami"), []);
    assert.equal(existsSync(join(shared, ".pulumi", "meta.yaml")), true);
    rmSync(shared, { recursive: true });
  });
});
