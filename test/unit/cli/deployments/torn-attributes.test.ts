import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeTornAttributes } from "../../../../cli/deployments/torn-attributes";

describe("attributes that a killed engine left half-written", () => {
  it("are removed, and nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "nami-state-"));
    try {
      removeTornAttributes(folder);
      const stacks = join(folder, ".pulumi", "stacks", "nami");
      mkdirSync(stacks, { recursive: true });
      const files = ["torn.json.attrs", "half.json.attrs", "whole.json.attrs", "torn.json"];
      for (const [i, text] of ["", '{"user.md5":', '{"user.md5":"x"}', ""].entries())
        writeFileSync(join(stacks, files[i]!), text);
      writeFileSync(join(folder, ".pulumi", "meta.yaml.attrs"), "");
      removeTornAttributes(folder);
      assert.deepEqual(
        files.filter((file) => existsSync(join(stacks, file))),
        ["whole.json.attrs", "torn.json"],
      );
      assert.ok(!existsSync(join(folder, ".pulumi", "meta.yaml.attrs")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
