import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");

/** A file of settings as it is written, `extends` not looked into. */
function written(name: string): {
  compilerOptions: Record<string, unknown>;
  "ts-node"?: { compilerOptions: Record<string, unknown> };
} {
  const { config, error } = ts.parseConfigFileTextToJson(name, readFileSync(join(root, name), "utf8"));
  assert.equal(error, undefined);
  return config;
}

const checked = written("tsconfig.json");
const build = written("tsconfig.build.json").compilerOptions;
/** What says whether types are checked, and which: it changes no emitted text. */
const { noCheck, types: _types, ...emitting } = build;

describe("the compiler's settings", () => {
  it("make ts-node emit what the build emits", () => {
    const underTsNode = { ...checked.compilerOptions, ...checked["ts-node"]?.compilerOptions };
    assert.deepEqual(underTsNode, { ...underTsNode, ...emitting });
    assert.equal(emitting.module, "commonjs");
  });

  it("make a bare `pulumi` emit what the build emits, types unchecked", () => {
    assert.match(readFileSync(join(root, "Pulumi.yaml"), "utf8"), /^ {4}tsconfig: tsconfig\.build\.json$/m);
    // Pulumi puts its own defaults for these over what the file extends.
    for (const option of ["target", "module", "moduleResolution"])
      assert.ok(option in build, `${option} is not written in tsconfig.build.json`);
    assert.equal(noCheck, true);
  });

  it("are in the package, for a bare `pulumi` in it", () => {
    const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
    for (const file of ["Pulumi.yaml", "tsconfig.json", "tsconfig.build.json"])
      assert.ok(files.includes(file), `${file} is not in the package`);
  });
});
