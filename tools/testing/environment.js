// The Node and the environment that every test process is started with. Plain JavaScript for any Node from 20 on.

const { existsSync } = require("node:fs");
const { delimiter, join, resolve } = require("node:path");

const root = resolve(__dirname, "..", "..");
const modules = join(root, "node_modules");
const packaged = join(modules, "node", "bin", "node");

/** The Node that the tests run under. */
const node = existsSync(packaged) ? packaged : process.execPath;

/** The folder with the tools of the tests and everything else that is made once for all of them. */
const testHome = resolve(process.env.NAMI_TEST_HOME || join(root, ".nami", "test-home"));

/**
 * The environment of a test process, with `home` as NAMI_HOME. PATH begins as under npm, so that `node` is the right one:
 * else the tests would kill a launcher under an older Node instead of Nami itself.
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
