// Compiles every file that the tests may load into the cache of register.js. Otherwise each of a hundred test processes
// would load the compiler for its own few files. Plain JavaScript for any Node from 20 on.

const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { compile } = require("../register.js");
const { root } = require("./environment.js");

for (const folder of ["cli", "infra", "local", "runtime", "test"]) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /(?<!\.d)\.ts$/.test(name))) {
    const path = join(root, folder, file);
    compile(readFileSync(path, "utf8"), path);
  }
}
