import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

const PROCESSES: Record<string, string> = {
  spawn: 'require("child_process").spawn("true")',
  spawnSync: 'require("child_process").spawnSync("true")',
  exec: 'require("child_process").exec("true")',
  "promisified exec": 'await require("util").promisify(require("child_process").exec)("true")',
  execSync: 'require("child_process").execSync("true")',
  execFile: 'require("child_process").execFile("true")',
  execFileSync: 'require("child_process").execFileSync("true")',
  fork: 'require("child_process").fork("true")',
  "spawn from an ES module": 'await (await import("node:child_process")).spawn("true")',
  "an own ChildProcess": 'new (require("child_process").ChildProcess)().spawn({ file: "true" })',
  esbuild: `await require(${JSON.stringify(require.resolve("esbuild"))}).build({ stdin: { contents: "1" }, write: false })`,
};

const WAITS: Record<string, string> = {
  "one long timer": "await new Promise((done) => setTimeout(done, 1100))",
  "many short timers": "for (let i = 0; i < 45; i++) await new Promise((done) => setTimeout(done, 25))",
  "a promised timer": 'await require("timers/promises").setTimeout(1100)',
  "a promisified timer": 'await require("util").promisify(setTimeout)(1100)',
  "an interval":
    "await new Promise((done) => { let n = 0; setInterval(function () { if (++n > 3) done(clearInterval(this)); }, 300); })",
};

const PURE: Record<string, string> = {
  "a limit that is not reached": "clearTimeout(setTimeout(() => {}, 30_000))",
  "timers side by side":
    "await Promise.all([...Array(20)].map(() => new Promise((done) => setTimeout(done, 100))))",
  "an unreferenced timer":
    "setTimeout(() => {}, 1_000).unref(); await new Promise((done) => setTimeout(done, 300))",
  "arguments and values": `
    assert.equal(await new Promise((done) => setTimeout(done, 1, "given")), "given");
    assert.equal(await require("util").promisify(setTimeout)(1, "value"), "value");`,
};

interface Report {
  passes: { title: string }[];
  failures: { title: string; err: { message: string } }[];
}

describe("the hook that keeps test/unit pure", function () {
  this.timeout(120_000);
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-unit-room-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** Runs the tests as test/unit is run. */
  function mocha(text: string): Report & { status: number | null } {
    const file = join(dir, "some.test.js");
    writeFileSync(file, `const assert = require("node:assert/strict");\n${text}`);
    const args = ["--reporter", "json", "--require", "test/support/unit-room.ts", file];
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(ROOT, "node_modules", "mocha", "bin", "mocha.js"), ...args],
      { cwd: ROOT, encoding: "utf8" },
    );
    return { ...JSON.parse(stdout.slice(stdout.indexOf("{"))), status };
  }

  const tests = (bodies: Record<string, string>) =>
    Object.entries(bodies)
      .map(([title, body]) => `it(${JSON.stringify(title)}, async () => { ${body} });`)
      .join("\n");

  it("every way to start a process fails the test that takes it, and the error names the right room", () => {
    const { status, passes, failures } = mocha(tests(PROCESSES));
    assert.deepEqual(passes, []);
    assert.deepEqual(
      failures.map(({ title }) => title),
      Object.keys(PROCESSES),
    );
    for (const { title, err } of failures)
      assert.match(
        err.message,
        /^test\/unit starts no process.* starts .*(true|esbuild).*test\/component/,
        title,
      );
    assert.notEqual(status, 0);
  });

  it("a refusal that the code under test swallows fails the run and names the test", () => {
    const swallowed = "try { require('child_process').spawn('true') } catch {}";
    const { status, failures } = mocha(tests({ "swallows it": swallowed, "is pure": "" }));
    assert.equal(failures.length, 1);
    assert.match(
      failures[0]!.err.message,
      /^"swallows it": test\/unit starts no process, but here spawn starts true\n/,
    );
    assert.notEqual(status, 0);
  });

  it("every test that waits for more than a second is named at the end of the run", () => {
    const inHook =
      "describe('slow hook', () => { before((done) => setTimeout(done, 1100)); it('after it', () => {}); });";
    const { failures } = mocha(`${tests(WAITS)}\n${inHook}`);
    assert.equal(failures.length, 1);
    const lines = failures[0]!.err.message.split("\n");
    assert.match(lines.pop()!, /test\/component/);
    assert.deepEqual(
      lines.map((line) => line.replace(/: test\/unit waits for no timer, but here for \d+ ms$/, "")),
      [...Object.keys(WAITS).map((title) => `"${title}"`), 'before "slow hook after it"'],
    );
  });

  it("a test that waits for nothing passes, whatever timers it sets", () => {
    const { status, failures, passes } = mocha(tests(PURE));
    assert.deepEqual(failures, []);
    assert.equal(passes.length, Object.keys(PURE).length);
    assert.equal(status, 0);
  });
});
