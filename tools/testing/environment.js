// What every process of the tests is started with, whoever starts it. Plain JavaScript for any Node from 20 on.

const { existsSync } = require("node:fs");
const { delimiter, join, resolve } = require("node:path");

const root = resolve(__dirname, "..", "..");
const modules = join(root, "node_modules");
const packaged = join(modules, "node", "bin", "node");

/** The Node that the tests run under. */
const node = existsSync(packaged) ? packaged : process.execPath;

/** Where the tools of the tests are, and what is made once for all of them. */
const testHome = resolve(process.env.NAMI_TEST_HOME || join(root, ".nami", "test-home"));

/**
 * The environment of a process of the tests, with `home` as NAMI_HOME. As under npm: what the tests kill must be Nami itself, not a
 * launcher under an older Node that started it.
 */
function environment(home) {
  const { NAMI_ENGINE: _engine, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter),
    NAMI_TEST_HOME: testHome,
    NAMI_HOME: home,
  };
}

module.exports = { environment, node, root, testHome };
