// `npm test`: format and lint, types, then the suites. `npm test -- unit` runs the named parts only.
// Ends on a line `N passed, N failed`. Plain JavaScript for any Node from 20 on; the suites run under Node 24.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { delimiter, join, resolve } = require("node:path");
const { installOfficialLibraries } = require("./official-libraries.js");
const { installPythonTools } = require("./python-tools.js");

const root = resolve(__dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "nami-test-"));
const testHome = resolve(process.env.NAMI_TEST_HOME || join(root, ".nami", "test-home"));
const bin = (name) => join(root, "node_modules", ".bin", name);
const packaged = join(root, "node_modules", "node", "bin", "node");
const node = existsSync(packaged) ? packaged : process.execPath;
// As under npm: what the suites kill must be Nami itself, not a launcher under an older Node that started it.
const PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
const env = { ...process.env, PATH, NAMI_TEST_HOME: testHome, NAMI_HOME: join(scratch, "home") };
delete env.NAMI_ENGINE;

function run(command, args, more = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, ...more },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** A check that is not mocha's counts as one test. */
function check(command, args, more) {
  return run(command, args, more)
    ? { passes: 1, failures: 0, pending: 0 }
    : { passes: 0, failures: 1, pending: 0 };
}

/**
 * Engine and Mongo for all tests, put in place by the product itself, and the tools of the tests themselves; once. What
 * is missing in the end, the tests that need it say: doctor also looks at what no test uses, such as a port that is taken.
 */
function tools() {
  mkdirSync(testHome, { recursive: true });
  run(node, [join(root, "bin", "nami"), "doctor", "--fix", "--quiet"], { NAMI_HOME: testHome });
  const failures = installPythonTools(testHome) + installOfficialLibraries(testHome);
  return { passes: 0, failures, pending: 0 };
}

function mocha(suite) {
  const figures = join(scratch, `${suite}.json`);
  const args = [
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--reporter",
    join(root, "tools", "reporter.js"),
  ];
  const passed = run(node, [...args, `test/${suite}/**/*.test.ts`], { NAMI_TEST_FIGURES: figures });
  if (!existsSync(figures)) return { passes: 0, failures: 1, pending: 0 };
  const { passes, failures, pending } = JSON.parse(readFileSync(figures, "utf8"));
  // A suite that ran nothing, or died after its last test, has not passed.
  const silent = passes + failures === 0 || (failures === 0 && !passed);
  return { passes, failures: failures + (silent ? 1 : 0), pending };
}

const parts = {
  lint: () => check(bin("biome"), ["check", "--error-on-warnings", "."]),
  types: () => check(node, [join(root, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", "."]),
  tools,
  unit: () => mocha("unit"),
  contract: () => mocha("contract"),
  integration: () => mocha("integration"),
};

/** What was asked for, all without a word; before suites that run the real engine or the real Mongo comes what installs them. */
function chosen(words) {
  if (words.length === 0) return Object.keys(parts);
  const needsTools = ["unit", "contract", "integration"].some((suite) => words.includes(suite));
  return Object.keys(parts).filter((part) => words.includes(part) || (part === "tools" && needsTools));
}

function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !(part in parts));
  if (unknown.length > 0) {
    console.error(`npm test knows ${Object.keys(parts).join(", ")}; not ${unknown.join(", ")}`);
    process.exit(2);
  }
  const total = { passes: 0, failures: 0, pending: 0 };
  const failed = [];
  for (const part of chosen(wanted)) {
    console.log(`\n── ${part}`);
    const result = parts[part]();
    for (const key of Object.keys(total)) total[key] += result[key];
    if (result.failures > 0) failed.push(part);
  }
  rmSync(scratch, { recursive: true, force: true });
  if (total.pending > 0) console.log(`\n${total.pending} skipped`);
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
  console.log(`\n${total.passes} passed, ${total.failures} failed`);
  process.exit(total.failures > 0 || total.passes === 0 ? 1 : 0);
}

main();
