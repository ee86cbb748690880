import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** The code of all folders, relative to the root: nothing installed, nothing built. */
function files(): string[] {
  return ["bench", "bin", "cli", "infra", "local", "runtime", "test", "tools"].flatMap((dir) =>
    readdirSync(join(root, dir), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/(^|\/)node_modules\//.test(file))
      .map((file) => join(dir, file)),
  );
}

describe("file names", () => {
  it("are kebab-case in every TypeScript file", () => {
    const all = files().filter((file) => file.endsWith(".ts"));
    assert.ok(all.length > 500, `only ${all.length} files are found`);
    const odd = all.filter(
      (file) => !/^[a-z0-9-]+((\.contract)?\.test|\.d)?\.ts$/.test(file.split("/").at(-1)!),
    );
    assert.deepEqual(odd, []);
  });

  it("name no file a drawer for what has no place, such as utils or helpers", () => {
    assert.deepEqual(
      files().filter((file) => /(^|\/)(utils?|helpers?|misc|common)\.(ts|js)$/.test(file)),
      [],
    );
  });
});
