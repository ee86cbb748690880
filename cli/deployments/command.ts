import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { callEngine } from "../engine/call";
import type { Engine } from "../engine/engine";

type Run = (
  args: string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
) => ReturnType<typeof callEngine>;

/** The engine as the Automation API wants it; its version is known already, so that nothing is asked. */
export function automationCommand(engine: Engine): PulumiCommand {
  const run: Run = (args, cwd, env, onOutput, onError, signal) =>
    callEngine(engine, [...args, "--non-interactive"], { cwd, env, onOutput, onError, signal });
  return { command: engine.binary, version: engine.version, run } as unknown as PulumiCommand;
}
