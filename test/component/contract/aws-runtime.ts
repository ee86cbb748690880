import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type Ended, FUNCTION_ARN, FUNCTION_NAME, type RunningFunction } from "./sandbox";

const VERSION = "4.0.2";

/** Stands in for the native module, the only part of AWS's runtime that must be compiled. */
const CLIENT = `
const { Socket } = require("node:net");
const { writeSync } = require("node:fs");
const { createInterface } = require("node:readline");
const lines = createInterface({ input: new Socket({ fd: 3, readable: true, writable: false }) });
const waiting = [], ready = [];
lines.on("line", (line) => { const next = JSON.parse(line); waiting.length ? waiting.shift()(next) : ready.push(next); });
const send = (frame) => { const text = Buffer.from(JSON.stringify(frame) + "\\n"); for (let at = 0; at < text.length; ) at += writeSync(4, text, at); };
module.exports = {
  next: () => ready.length ? Promise.resolve(ready.shift()) : new Promise((resolve) => waiting.push(resolve)),
  done: (id, body) => send({ kind: "done", body }),
  error: (id, body) => send({ kind: "error", body }),
};`;

const PRELOAD = `
import { registerHooks } from "node:module";
const client = new URL("./client.cjs", import.meta.url).href;
registerHooks({
  resolve: (name, context, next) =>
    name.endsWith("/rapid-client.node") ? { url: client, format: "commonjs", shortCircuit: true } : next(name, context),
});`;

/**
 * Installs AWS's runtime outside the project, once per machine: its install script would compile curl.
 * Answers the folder; throws what npm said when the registry cannot be reached.
 */
export function installAwsRuntime(): string {
  const folder = join(tmpdir(), `nami-aws-lambda-ric-${VERSION}-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(folder, "node_modules/aws-lambda-ric/index.mjs"))) {
    const args = [
      "i",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
      `aws-lambda-ric@${VERSION}`,
    ];
    execFileSync("npm", args, { cwd: folder, stdio: "pipe" });
  }
  writeFileSync(join(folder, "client.cjs"), CLIENT);
  writeFileSync(join(folder, "preload.mjs"), PRELOAD);
  return folder;
}

function environment(codeDir: string, handler: string): Record<string, string> {
  return {
    PATH: "/usr/bin:/bin",
    AWS_LAMBDA_RUNTIME_API: "127.0.0.1:1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${FUNCTION_NAME}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `2026/01/31/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    LAMBDA_TASK_ROOT: codeDir,
    _HANDLER: handler,
    TZ: ":UTC",
  };
}

/** One function under AWS's own runtime. */
export function startAwsRuntime(folder: string, codeDir: string, handler: string): RunningFunction {
  const index = join(folder, "node_modules/aws-lambda-ric/index.mjs");
  const cwd = mkdtempSync(join(tmpdir(), "nami-ric-"));
  const child: ChildProcess = spawn(process.execPath, ["--import", join(folder, "preload.mjs"), index], {
    cwd,
    env: environment(codeDir, handler),
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => output.push(line));
  }
  let settle: ((ended: Ended) => void) | undefined;
  createInterface({ input: child.stdio[4] as Readable }).on("line", (line) => {
    const { kind, body } = JSON.parse(line);
    settle?.({ kind, payload: JSON.parse(body) });
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void exited.then(() => settle?.({ kind: "exit" }));
  return {
    invoke: (event) =>
      new Promise((resolve) => {
        settle = resolve;
        const headers = {
          "lambda-runtime-aws-request-id": randomUUID(),
          "lambda-runtime-deadline-ms": String(Date.now() + 3_000),
          "lambda-runtime-invoked-function-arn": FUNCTION_ARN,
        };
        (child.stdio[3] as Writable).write(
          `${JSON.stringify({ bodyJson: JSON.stringify(event), headers })}\n`,
        );
      }),
    output: () => output,
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
