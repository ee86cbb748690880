// Compiles every file that the tests may load, once for all of them: each process would load the compiler for the few that are
// its own. Plain JavaScript for any Node from 20 on.

const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { root } = require("./environment.js");

require("../register.js");
const { compile } = process[Symbol.for("ts-node.register.instance")];

for (const folder of ["cli", "infra", "local", "runtime", "test"]) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /(?<!\.d)\.ts$/.test(name))) {
    const path = join(root, folder, file);
    compile(readFileSync(path, "utf8"), path);
  }
}
