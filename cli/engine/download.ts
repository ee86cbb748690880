import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { longStep } from "../display/long-step";
import type { Io } from "../io";
import { ENGINE_VERSION } from "./version";

/** As `PulumiCommand.install` of @pulumi/pulumi/automation does it: this script, with the same arguments. */
const INSTALL_SCRIPT = "https://get.pulumi.com/install.sh";
/** Milliseconds: a machine without a way out must find that out soon; an archive of 100 MB may take its time. */
const CONNECT_TIMEOUT = 8_000;
const DOWNLOAD_TIMEOUT = 15 * 60_000;

/** "fetch failed" alone helps nobody: the cause says which name or port did not answer. */
function reason(error: unknown): string {
  const { message, cause, name } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === "TimeoutError") return `no answer within ${CONNECT_TIMEOUT / 1000} s`;
  return cause?.message || cause?.code || message;
}

async function fetchScript(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(CONNECT_TIMEOUT) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return await answer.text();
  } catch (error) {
    throw new Error(`${new URL(url).host}: ${reason(error)}`, { cause: error });
  }
}

function runScript(script: string, root: string, io: Io): Promise<void> {
  const args = [script, "--no-edit-path", "--install-root", root, "--version", ENGINE_VERSION];
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT)]);
  const child = spawn("/bin/sh", args, { env: io.env, stdio: ["ignore", "pipe", "pipe"], signal });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2_000);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the install script ended with ${code}: ${said.trim().split("\n").at(-1)}`));
    });
  });
}

/**
 * The official release of the engine, put into `root` (so that `root/bin/pulumi` is there).
 * Throws an Error that says which host did not answer or what the install script complained of.
 */
export async function downloadEngine(root: string, io: Io, url: string = INSTALL_SCRIPT): Promise<void> {
  const step = longStep(io, `downloading the Pulumi engine ${ENGINE_VERSION}`);
  try {
    const script = `${root}.install.sh`;
    writeFileSync(script, await fetchScript(url));
    await runScript(script, root, io);
    step.end("done");
  } catch (error) {
    step.end("not possible");
    throw error;
  }
}
