import { ok, throws } from "node:assert";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeDir } from "../../../../support/functions";
import { withTypeScript } from "../../../../support/register";
import { scratchFolder } from "../../../../support/scratch";

/** A host of its own that starts one sandbox and says its process id. */
const HOST = `
const { createFunctions } = require(process.argv[1] + "/local/host/functions");
const { createMetrics } = require(process.argv[1] + "/local/host/metrics");
const { anyRole, functionSpec, MemoryLogs, realClock, unrestricted } = require(process.argv[1] + "/test/support/functions");
const functions = createFunctions({ dir: process.argv[2], clock: realClock, iam: anyRole(), logs: new MemoryLogs(), metrics: createMetrics(realClock), awsUrl: "http://127.0.0.1:1", ...unrestricted });
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

describe("the sandboxes of a host", () => {
  it("end by themselves when their host is killed", async () => {
    const root = join(__dirname, "../../../../..");
    const code = codeDir("exports.handler = async () => process.pid; setInterval(() => {}, 1000);");
    const dir = scratchFolder("nami-orphans-");
    const args = [...withTypeScript, "-e", HOST, root, dir, code];
    const host = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    after(() => host.kill("SIGKILL"));
    const pid = Number(
      await new Promise((resolve) => host.stdout.once("data", (text) => resolve(String(text)))),
    );
    ok(pid > 0);
    process.kill(pid, 0);
    host.kill("SIGKILL");
    // Who adopts it may take a while to bury it.
    for (let tries = 0; tries < 60 && isAlive(pid); tries++) await sleep(50);
    throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });
});
