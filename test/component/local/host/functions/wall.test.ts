import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findWall, type Wall } from "../../../../../local/host/functions/wall";
import type { Functions } from "../../../../../local/host/services";
import { functionSpec, MemoryLogs } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";
import { scratchFolder } from "../../../../support/scratch";
import { wallAround } from "../../../../support/wall";

/** What a handler comes to that tries what the event says: a value, or the code of the error. */
const CODE = `
const fs = require("node:fs");
const attempts = {
  read: ({ path }) => fs.readFileSync(path, "utf8"),
  write: ({ path }) => fs.writeFileSync(path, "mine"),
  list: ({ path }) => fs.readdirSync(path),
  kill: ({ pid }) => process.kill(pid, "SIGKILL"),
  sqlite: ({ path }) => new (require("node:sqlite").DatabaseSync)(path, { readOnly: true }).prepare("select name from sqlite_schema").all().length,
  processes: () => fs.readdirSync("/proc").filter((name) => Number(name) > 0).length,
  child: () => require("node:child_process").execFileSync("sh", ["-c", "echo $((6 * 7))"], { encoding: "utf8" }).trim(),
  worker: () => new Promise((resolve, reject) => new (require("node:worker_threads").Worker)("require('node:worker_threads').parentPort.postMessage(1)", { eval: true }).on("message", resolve).on("error", reject)),
  user: () => require("node:os").userInfo().username,
  end: ({ how }) => how === "exit" ? process.exit(3) : process.kill(process.pid, how),
};
exports.handler = async (event) => {
  try { return { got: await attempts[event.what](event) }; } catch (error) { return { failed: error.code }; }
};`;

describe("user code behind a wall", function () {
  this.timeout(30_000);
  let home: string;
  let wall: Wall;
  let functions: Functions;
  let logs: MemoryLogs;
  let codeDir: string;

  before(async function () {
    home = mkdtempSync(join(tmpdir(), "nami-wall-"));
    const found = await wallAround(home);
    if (typeof found === "string") {
      console.log(`    NOT RUN: ${found}`);
      return this.skip();
    }
    wall = found;
    mkdirSync(join(home, "host", "code", "sha"), { recursive: true });
    codeDir = join(home, "host", "code", "sha");
    writeFileSync(join(codeDir, "index.js"), CODE);
    for (const file of ["passphrase", "host/token", "host/host.db"])
      writeFileSync(join(home, file), "secret");
    logs = new MemoryLogs();
    functions = functionsIn(join(home, "host"), { logs, wall });
    functions.put(functionSpec({ codeDir, timeout: 5 }));
  });
  after(async () => {
    await functions?.close();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  const invoke = (event: object) => functions.invoke("orders", JSON.stringify(event));
  const tries = async (what: string, more: object = {}) =>
    JSON.parse((await invoke({ what, ...more })).payload) as { got?: unknown; failed?: string };

  it("finds none of Nami's own files: they are not there", async () => {
    for (const path of ["passphrase", "host/token", "host/host.db"])
      assert.deepEqual(await tries("read", { path: join(home, path) }), { failed: "ENOENT" }, path);
    assert.deepEqual(await tries("list", { path: join(home, "host") }), { got: ["code", "sandboxes"] });
    assert.deepEqual(await tries("list", { path: join(home, "host", "code") }), { got: ["sha"] });
    assert.deepEqual(await tries("sqlite", { path: join(home, "host", "host.db") }), {
      failed: "ERR_SQLITE_ERROR",
    });
  });

  it("sees no process but its own, and can end none", async () => {
    const other = spawn("sleep", ["30"]);
    try {
      assert.deepEqual(await tries("kill", { pid: other.pid }), { failed: "ESRCH" });
      assert.deepEqual(await tries("read", { path: `/proc/${process.pid}/environ` }), { failed: "ENOENT" });
      const { got } = await tries("processes");
      assert.ok(Number(got) <= 3, `${got} processes`);
    } finally {
      other.kill();
    }
  });

  it("cannot change its code, as on AWS, and can do whatever else it could without a wall", async () => {
    assert.deepEqual(await tries("write", { path: join(codeDir, "index.js") }), { failed: "EROFS" });
    const scratch = join(scratchFolder("nami-wall-scratch-"), "file");
    assert.deepEqual(await tries("write", { path: scratch }), {});
    assert.equal(readFileSync(scratch, "utf8"), "mine");
    assert.deepEqual(await tries("child"), { got: "42" });
    assert.deepEqual(await tries("worker"), { got: 1 });
    assert.ok((await tries("user")).got);
  });

  for (const [how, reason] of [
    ["exit", "exit status 3"],
    ["SIGKILL", "signal: killed"],
    ["SIGABRT", "signal: aborted"],
  ])
    it(`is told to have ended by ${how} as without a wall`, async () => {
      const { functionError, payload } = await invoke({ what: "end", how });
      assert.equal(functionError, "Unhandled");
      assert.match(JSON.parse(payload).errorMessage, new RegExp(`Runtime exited with error: ${reason}$`));
    });

  it("is not behind one where bubblewrap is missing, forbidden or not wanted, and the reason is told", async () => {
    assert.deepEqual(await findWall(home, { PATH: "/nowhere" }), {
      missing: "there is no bubblewrap (bwrap) on the PATH",
    });
    const forbidden = scratchFolder("nami-no-bwrap-");
    const says =
      '#!/bin/sh\n[ "$1" = --version ] && exec echo bubblewrap 9\necho "bwrap: No permissions" >&2\nexit 1\n';
    writeFileSync(join(forbidden, "bwrap"), says, { mode: 0o755 });
    assert.deepEqual(await findWall(home, { PATH: `${forbidden}:/bin` }), {
      missing: "bubblewrap does not work here: bwrap: No permissions",
    });
    assert.deepEqual(await findWall(home, { ...process.env, NAMI_WALL: "off" }), {
      missing: "NAMI_WALL is off",
    });
  });
});
