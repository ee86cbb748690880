import { output } from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiCommand, type PulumiFn, Stack } from "@pulumi/pulumi/automation";
import * as sdkDebuggable from "@pulumi/pulumi/runtime/debuggable";
import * as sdkSettings from "@pulumi/pulumi/runtime/settings";
import * as sdkStack from "@pulumi/pulumi/runtime/stack";
import { callEngine } from "../engine/call";
import type { Engine } from "../engine/engine";

/**
 * The Automation API as Nami uses it: all that Nami replaces of the SDK, and does to this process for it, is in this file. A test
 * for each (test/component/cli/deployments/automation.test.ts) says when the SDK no longer asks for it.
 */

const { runInPulumiStack } = sdkStack;

/**
 * Turns a lost connection (UNAVAILABLE, CANCELLED) into an ordinary error. The SDK assumes that the engine has failed
 * already and reports success to it. An engine that has not failed then deletes every resource that the program had not
 * registered yet, up to the whole deployment, and the command exits 0.
 */
async function runToItsEnd(program: PulumiFn): ReturnType<typeof runInPulumiStack> {
  try {
    return await runInPulumiStack(program);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`the program did not run to its end: ${message}`, { cause: error });
  }
}
Object.assign(sdkStack, { runInPulumiStack: runToItsEnd });

/**
 * Gives each client its own connection. grpc-js shares connections by address, and an engine listens on a random free
 * port: on a port that an earlier engine of this process used, a call would fail without an attempt to connect.
 */
Object.assign((sdkSettings as unknown as { grpcClientOptions: object }).grpcClientOptions, {
  "grpc.use_local_subchannel_pool": 1,
});

const { debuggablePromise } = sdkDebuggable as unknown as {
  debuggablePromise<T>(promise: Promise<T>, context: unknown): Promise<T>;
};

/** The SDK captures a stack for each of its promises, thousands per run: a fifth of a program's CPU time. */
function withoutStack<T>(promise: Promise<T>, context: unknown): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
Object.assign(sdkDebuggable, { debuggablePromise: withoutStack });

type Run = (
  args: string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
) => ReturnType<typeof callEngine>;

/** The engine as the Automation API wants it; its version is known already, so that nothing is asked. */
function automationCommand(engine: Engine): PulumiCommand {
  const run: Run = (args, cwd, env, onOutput, onError, signal) =>
    callEngine(engine, [...args, "--non-interactive"], { cwd, env, onOutput, onError, signal });
  return { command: engine.binary, version: engine.version, run } as unknown as PulumiCommand;
}

/** A stack of the SDK's, its workspace, and the outputs of its program. */
export interface Automated {
  workspace: LocalWorkspace;
  stack: Stack;
  /** What the program returned in its last run, secrets in plain text; undefined until all of it is known. */
  returned(): Record<string, unknown> | undefined;
}

/** Keeps what a program returns, as the engine would tell it: plain JSON. The engine gets it unchanged, secrets as secrets. */
function recorded(program: PulumiFn): { program: PulumiFn; returned: Automated["returned"] } {
  let values: Record<string, unknown> | undefined;
  return {
    program: async () => {
      values = undefined;
      const outputs = (await program()) as Record<string, unknown> | undefined;
      output(outputs ?? {}).apply((known) => {
        values = JSON.parse(JSON.stringify(known)) as Record<string, unknown>;
      });
      return outputs;
    },
    returned: () => values,
  };
}

/** Opens the stack `name` in `workDir`, which holds its project and config. Nothing is asked of the engine. */
export async function automate(
  engine: Engine,
  { name, workDir, envVars }: { name: string; workDir: string; envVars: Record<string, string> },
  ownProgram: PulumiFn,
): Promise<Automated> {
  const { program, returned } = recorded(ownProgram);
  const pulumiCommand = automationCommand(engine);
  const workspace = await LocalWorkspace.create({ workDir, program, envVars, pulumiCommand });
  // Every call names its stack: which one is "selected" does not matter, and asking costs 0.3 s.
  workspace.selectStack = async () => {};
  // The SDK asks for the outputs after each `up`, and for the history after every operation: half a second each.
  workspace.stackOutputs = async () => ({});
  const stack = await Stack.select(name, workspace);
  stack.info = async () => undefined;
  return { workspace, stack, returned };
}

/** The programs find their files from the working directory: theirs is `dir`, for as long as `work` takes. */
export async function inDirectory<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(dir);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}
