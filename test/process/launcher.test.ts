import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { root } from "../support/nami";

const run = promisify(execFile);

/** Counts SIGINTs until it has seen none for a while; says what it was given. */
const MAIN = `
exports.main = async (argv, io) => {
  if (argv[0] === "fail") return 7;
  if (argv[0] === "throw") throw new Error("a bug");
  if (argv[0] !== "wait") { io.out.write(JSON.stringify({ argv, launched: process.env.NAMI_LAUNCHED ?? null })); return 0; }
  let presses = 0;
  io.on("SIGINT", () => presses++);
  require("node:fs").writeFileSync(argv[1], String(process.pid));
  await new Promise((done) => { const timer = setInterval(() => { if (presses) setTimeout(() => { clearInterval(timer); done(); }, 400); }, 50); });
  io.out.write("presses " + presses);
  return 130;
};`;
const IO =
  "exports.processIo = (proc) => ({ out: proc.stdout, on: (event, listener) => proc.on(event, listener) });";

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("bin/nami", () => {
  let dir: string;
  let launcher: string;
  let old: string;

  function put(path: string, text: string, mode = 0o644): string {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-bin-"));
    put("package.json", "{}");
    put("dist/cli/main.js", MAIN);
    put("dist/cli/io.js", IO);
    put("dist/.built", "");
    launcher = put("bin/nami", "");
    copyFileSync(join(root, "bin", "nami"), launcher);
    for (const tool of ["tools/build-state.js", "tools/register.js"])
      copyFileSync(join(root, tool), put(tool, ""));
    // Makes the Node that starts the launcher look like one that is too old.
    old = put(
      "old.js",
      'Object.defineProperty(process.versions, "node", { value: process.env.NAMI_LAUNCHED ? "24.0.0" : "20.9.0" });',
    );
    put("node_modules/node/package.json", '{"name":"node"}');
    put("node_modules/node/bin/node", `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, 0o755);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ["--require", old, launcher, ...args]);

  async function waiting(child: ChildProcess): Promise<number> {
    const file = join(dir, "pid");
    for (let i = 0; i < 600 && !(existsSync(file) && readFileSync(file, "utf8")); i++) await sleep(50);
    assert.equal(child.exitCode, null);
    return Number(readFileSync(file, "utf8"));
  }

  it("starts itself again under the packaged Node when its own is too old, with the same arguments", async () => {
    const { stdout } = await run(process.execPath, ["--require", old, launcher, "a b", "--c"]);
    assert.deepEqual(JSON.parse(stdout), { argv: ["a b", "--c"], launched: null });
  });

  it("passes the exit code through, and makes 70 of an error that nobody caught", async () => {
    const failing = (...args: string[]) =>
      run(process.execPath, args).then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    assert.equal(await failing("--require", old, launcher, "fail"), 7);
    assert.equal(await failing(launcher, "fail"), 7);
    assert.equal(await failing(launcher, "throw"), 70);
  });

  it("passes a Ctrl+C on once, whether it reached one process or both", async () => {
    for (const both of [false, true]) {
      rmSync(join(dir, "pid"), { force: true });
      const child = start("wait", join(dir, "pid"));
      let said = "";
      child.stdout?.on("data", (text) => {
        said += text;
      });
      const inner = await waiting(child);
      assert.notEqual(inner, child.pid);
      child.kill("SIGINT");
      if (both) process.kill(inner, "SIGINT");
      const [code] = await once(child, "close");
      assert.equal(code, 130);
      assert.equal(said, "presses 1");
    }
  });

  it("takes its child along when it is killed outright", async () => {
    const child = start("wait", join(dir, "pid"));
    const inner = await waiting(child);
    child.kill("SIGKILL");
    for (let i = 0; i < 600 && running(inner); i++) await sleep(50);
    assert.ok(!running(inner));
  });

  it("says what it needs where there is no packaged Node", async () => {
    rmSync(join(dir, "node_modules"), { recursive: true });
    const error = await run(process.execPath, ["--require", old, launcher, "x"]).then(
      () => undefined,
      (thrown: { code: number; stderr: string }) => thrown,
    );
    assert.equal(error?.code, 1);
    assert.match(error?.stderr ?? "", /needs Node 22\.13 or newer; this is 20\.9\.0[\s\S]*npm ci/);
  });

  it("does not use a build that is older than a source, nor fails where only the build is", async () => {
    put("cli/main.ts", "export const main = async () => 3;");
    put("cli/io.ts", "export const processIo = () => ({});");
    put("tsconfig.json", '{"compilerOptions":{"module":"commonjs","target":"ES2022"}}');
    const code = () =>
      run(process.execPath, [launcher, "fail"], {
        env: { ...process.env, NODE_PATH: join(root, "node_modules") },
      }).then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    utimesSync(join(dir, "dist/.built"), 1, 1);
    assert.equal(await code(), 3);
    const later = Date.now() / 1000 + 60;
    utimesSync(join(dir, "dist/.built"), later, later);
    assert.equal(await code(), 7);
  });

  it("is quiet when whoever read its output has gone", async () => {
    put(
      "dist/cli/main.js",
      'exports.main = async (argv, io) => { for (let i = 0; i < 5000; i++) { io.out.write("line " + i + "\\n"); if (i % 100 === 0) await new Promise(setImmediate); } return 0; };',
    );
    const { stdout, stderr } = await run("bash", ["-c", `"${process.execPath}" "${launcher}" | head -1`]);
    assert.equal(stdout, "line 0\n");
    assert.equal(stderr, "");
  });
});
