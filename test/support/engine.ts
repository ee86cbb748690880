import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import * as auto from "@pulumi/pulumi/automation";
import { ENGINE_VERSION } from "../../cli/engine/version";
import { sharedTools } from "./home";
import { root } from "./nami";

/** The engine `npm test` installed with the product's own installer, or NAMI_ENGINE, or `pulumi` on PATH. */
export function engine(): Promise<auto.PulumiCommand> {
  const installed = join(sharedTools, `pulumi-${ENGINE_VERSION}`);
  const engineRoot = process.env.NAMI_ENGINE ?? (existsSync(installed) ? installed : undefined);
  return auto.PulumiCommand.get(engineRoot ? { root: engineRoot } : {});
}

export interface StackOptions {
  /** NAMI_HOME of the test. */
  home: string;
  providerPort: number;
  name?: string;
  project?: string;
}

/** An inline stack whose state lies in the test's own folder and whose AWS is the provider at `providerPort`. */
export async function inlineStack(options: StackOptions, program: auto.PulumiFn): Promise<auto.Stack> {
  const { home, providerPort, name = "demo", project = "nami" } = options;
  const workDir = join(home, "stacks", project, name);
  for (const folder of [workDir, join(home, "state")]) mkdirSync(folder, { recursive: true });
  const stack = await auto.LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: project, program },
    {
      pulumiCommand: await engine(),
      workDir,
      pulumiHome: join(home, "pulumi"),
      projectSettings: { name: project, runtime: "nodejs", main: root },
      envVars: {
        PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_DEBUG_PROVIDERS: `aws:${providerPort},awsx:${providerPort}`,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
  await stack.setConfig("aws:region", { value: "us-east-1" });
  return stack;
}
