import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const HARD_STOP = 220;
/** A test file is a list of cases, looked up by name rather than read through. */
const TEST_HARD_STOP = 400;

/** What git has or would take: nothing generated, nothing ignored. */
function files(): string[] {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return list
    .split("\n")
    .filter((file) => /(\.(ts|js|cjs|mjs|sh)$)|^bin\/|^\.ci\//.test(file) && existsSync(join(root, file)));
}

describe("a file fits in one look", () => {
  it(`of at most ${HARD_STOP} lines, ${TEST_HARD_STOP} of tests`, () => {
    const all = files();
    assert.ok(all.length > 20, "the list of files is empty");
    const long = all.map((file) => ({
      file,
      lines: readFileSync(join(root, file), "utf8").split("\n").length - 1,
    }));
    assert.deepEqual(
      long.filter(({ file, lines }) => lines > (file.startsWith("test/") ? TEST_HARD_STOP : HARD_STOP)),
      [],
    );
  });

  it("with names in kebab-case", () => {
    const odd = files().filter(
      (file) =>
        file.endsWith(".ts") && !/^[a-z0-9-]+((\.contract)?\.test|\.d)?\.ts$/.test(file.split("/").at(-1)!),
    );
    assert.deepEqual(odd, []);
  });

  it("none of them a drawer for what has no place", () => {
    assert.deepEqual(
      files().filter((file) => /(^|\/)(utils?|helpers?|misc|common)\.(ts|js)$/.test(file)),
      [],
    );
  });
});
