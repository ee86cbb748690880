import { ok, strictEqual, throws } from "node:assert";
import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeDir, functionSpec, MemoryLogs } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";
import { withTypeScript } from "../../../../support/register";
import { scratchFolder } from "../../../../support/scratch";

/** A host of its own that starts one sandbox and says its process id. */
const HOST = `
const { functionSpec } = require(process.argv[1] + "/test/support/functions");
const { functionsIn } = require(process.argv[1] + "/test/support/local-functions");
const functions = functionsIn(process.argv[2]);
functions.put(functionSpec({ codeDir: process.argv[3] }));
functions.invoke("orders", "{}").then(({ payload }) => console.log(payload));
setInterval(() => {}, 1000);`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the sandboxes of a host", function () {
  this.timeout(30_000);
  const root = join(__dirname, "../../../../..");
  let dir: string;
  let logs: MemoryLogs;
  beforeEach(() => {
    logs = new MemoryLogs();
    dir = scratchFolder("nami-orphans-");
  });

  /**
   * Starts a host with a function that answers its process id, and kills the host; answers the id.
   * @param begun the file that the function writes once it is busy
   */
  async function orphan(folder: string, begun?: string): Promise<number> {
    const args = [...withTypeScript, "-e", HOST, root, dir, folder];
    const host = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    after(() => host.kill("SIGKILL"));
    const said = await new Promise((resolve) => host.stdout.once("data", (text) => resolve(String(text))));
    const pid = Number(said);
    ok(pid > 0);
    process.kill(pid, 0);
    while (begun && !existsSync(join(folder, begun))) await sleep(20);
    host.kill("SIGKILL");
    return pid;
  }
  const nextHost = () => functionsIn(dir, { logs });
  /** Who adopts it may take a while to bury it. */
  async function ends(pid: number): Promise<boolean> {
    for (let tries = 0; tries < 60 && isAlive(pid); tries++) await sleep(50);
    return !isAlive(pid);
  }

  it("end by themselves when their host is killed", async () => {
    const pid = await orphan(
      codeDir("exports.handler = async () => process.pid; setInterval(() => {}, 1000);"),
    );
    ok(await ends(pid));
    throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  /** The number of a process that a function has started, and that loops. */
  const STARTS = `const child = require("node:child_process").fork(__dirname + "/loop.js");`;
  function withLoop(code: string): string {
    const folder = codeDir(code);
    const loop = 'require("node:fs").writeFileSync(__dirname + "/begun", ""); for (;;);';
    writeFileSync(join(folder, "loop.js"), loop);
    return folder;
  }

  it("take what their code has started along when they are ended", async () => {
    const functions = nextHost();
    const code = `exports.handler = async ({ loop }) => { ${STARTS} if (loop) { console.log(child.pid); for (;;); } return child.pid; };`;
    functions.put(functionSpec({ codeDir: withLoop(code), timeout: 2 }));
    await functions.invoke("orders", '{"loop":true}');
    const killed = Number(logs.lines.map(({ text }) => /\tINFO\t(\d+)$/.exec(text)?.[1]).find(Boolean));
    ok(await ends(killed));
    const { payload } = await functions.invoke("orders", "{}");
    ok(isAlive(Number(payload)));
    await functions.close();
    ok(await ends(Number(payload)));
  });

  it("leave a loop behind when they end by themselves after their host, and the next host ends it", async () => {
    const host = join(dir, "code");
    cpSync(withLoop(`${STARTS} exports.handler = async () => child.pid;`), host, { recursive: true });
    const looping = await orphan(host, "begun");
    await sleep(1_500);
    ok(isAlive(looping), "it ended by itself: nothing is proved");
    await nextHost().endLeft();
    ok(await ends(looping));
  });

  it("are ended by the next host when their code loops, and nobody else's process is", async () => {
    const code = `exports.handler = async () => {
      setTimeout(() => { require("node:fs").writeFileSync(__dirname + "/begun", ""); for (;;); }, 20);
      return process.pid;
    };`;
    const looping = await orphan(codeDir(code), "begun");
    await sleep(1_500);
    ok(isAlive(looping), "it ended by itself: nothing is proved");
    const other = spawn("sleep", ["30"]);
    try {
      writeFileSync(join(dir, "sandboxes", "running", String(other.pid)), "");
      const next = nextHost();
      await next.endLeft();
      ok(await ends(looping));
      ok(isAlive(other.pid!));
      strictEqual(readdirSync(join(dir, "sandboxes", "running")).length, 0);
      await next.close();
    } finally {
      other.kill();
    }
  });
});
