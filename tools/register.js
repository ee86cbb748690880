// TypeScript at require time, by ts-node, with its work kept: `node --require ./tools/register.js`. ts-node alone takes 8 s
// for the whole program, in every process; from the cache it takes half a second. Plain JavaScript for any Node from 20 on.

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join, relative, resolve } = require("node:path");

const root = resolve(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "nami-typescript");
const project = join(root, "tsconfig.json");

/** All that the emitted text depends on, beside the file itself. */
const basis = ["ts-node", "typescript"]
  .map((name) => JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")).version)
  .concat(readFileSync(project, "utf8"))
  .join("\n");

let service;

/** Loads the compiler, for the first file that is not in the cache. */
function compileAfresh(code, fileName) {
  if (!service) {
    service = require("ts-node").create({ transpileOnly: true, cwd: root, project });
    // ts-node maps every stack again by itself, and Pulumi captures a stack for each promise: an `up` takes twice as long.
    // Node's own source maps are enough.
    const ownMaps = require.resolve("@cspotcode/source-map-support", { paths: [require.resolve("ts-node")] });
    require(ownMaps).uninstall();
  }
  return service.compile(code, fileName);
}

/** Whole or not at all: other processes read it at the same time. */
function keep(path, text) {
  mkdirSync(cache, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** The JavaScript of a file, with its source map inside. */
function compile(code, fileName) {
  const hash = createHash("sha256")
    .update(`${basis}\n${relative(root, fileName)}\n${code}`)
    .digest("hex");
  const path = join(cache, `${hash}.js`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const text = compileAfresh(code, fileName);
  try {
    keep(path, text);
  } catch {
    // A checkout that cannot be written to works, only slower.
  }
  return text;
}

// Where ts-node itself is found by what asks for it; see local/host/functions/sandbox-file.ts.
process[Symbol.for("ts-node.register.instance")] = { compile };
process.setSourceMapsEnabled(true);
module.exports = { compile };
require.extensions[".ts"] = (module, fileName) => {
  module._compile(compile(readFileSync(fileName, "utf8"), fileName), fileName);
};
