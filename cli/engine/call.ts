import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { CodedError } from "../../runtime/coded-error";
import type { Engine } from "./engine";

/** What one call of the engine said. */
export interface EngineResult {
  stdout: string;
  stderr: string;
  code: number;
  /** It was ended from outside. */
  signal?: NodeJS.Signals;
}

/** The engine ended with an error. The message is all that it said on stderr. */
export class EngineFailure extends Error {
  constructor(
    readonly args: readonly string[],
    readonly result: EngineResult,
  ) {
    super(result.stderr.trim() || result.stdout.trim() || `pulumi ended with exit code ${result.code}`);
    this.name = "EngineFailure";
  }
}

export interface EngineCall {
  cwd: string;
  env: Record<string, string>;
  /** What is written to its stdin: the way secrets go, never argv. */
  input?: string;
  onOutput?: (text: string) => void;
  onError?: (text: string) => void;
  signal?: AbortSignal;
  /** Milliseconds from an error of ours as the signal's reason to the end of the engine; default GRACE. */
  grace?: number;
}

/** Milliseconds. Whoever lost the lock must have ended before another may take it (see cli/deployments/lease-holder.ts). */
export const GRACE = 15_000;

/** Variables of a surrounding run that would turn our call into something else. */
const FOREIGN = ["PULUMI_DEBUG_PROVIDERS", "PULUMI_STACK", "PULUMI_OPTION_CONFIG_FILE"];

function environment(engine: Engine, own: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = { ...process.env };
  for (const name of FOREIGN) delete inherited[name];
  // The engine would take the inherited one first.
  if (own.PULUMI_CONFIG_PASSPHRASE_FILE) delete inherited.PULUMI_CONFIG_PASSPHRASE;
  return {
    ...inherited,
    ...own,
    // Plugins that lie beside the engine must be the ones that fit it.
    PATH: [dirname(engine.binary), own.PATH ?? inherited.PATH].join(delimiter),
    PULUMI_AUTOMATION_API: "true",
  };
}

/**
 * Calls the engine once. It runs in a process group of its own: the terminal's Ctrl+C must not reach it beside
 * ours, for it takes a second SIGINT as "terminate at once" and then leaves its state in the middle. A person's Ctrl+C
 * gives it all the time it wants; an error of ours as the reason of the abort, a lost lock, does not.
 * Throws EngineFailure when it does not end well.
 */
export function callEngine(engine: Engine, args: readonly string[], call: EngineCall): Promise<EngineResult> {
  const child = spawn(engine.binary, [...args], {
    cwd: call.cwd,
    env: environment(engine, call.env),
    detached: true,
    stdio: [call.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const interrupt = () => {
    child.kill("SIGINT");
    if (!(call.signal?.reason instanceof CodedError)) return;
    setTimeout(() => child.kill("SIGKILL"), call.grace ?? GRACE).unref();
  };
  if (call.signal?.aborted) interrupt();
  else call.signal?.addEventListener("abort", interrupt, { once: true });
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    call.onOutput?.(text);
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    call.onError?.(text);
  });
  child.stdin?.on("error", () => {}).end(call.input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      call.signal?.removeEventListener("abort", interrupt);
      const result = { stdout, stderr, code: status ?? 1, ...(signal ? { signal } : {}) };
      if (result.code === 0) resolve(result);
      else reject(new EngineFailure(args, result));
    });
  });
}
