import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { CodedError } from "../../runtime/coded-error";
import type { Chosen } from "../deployments/settings";
import type { KeptStack } from "../deployments/state";
import type { Progress } from "../display/progress";
import type { Io } from "../io";
import { checkAccount } from "../operate/aws-credentials";
import { checkUserCode } from "./user-code";

export interface Looking {
  home: string;
  name: string;
  io: Io;
  chosen: Chosen;
  /** What the name has, of which the account must be the same. */
  stacks: readonly (KeptStack | undefined)[];
  progress: Progress;
}

/** The engine downloads the plugin of the very version of @pulumi/aws: 800 MB. */
function hasPlugin(home: string): boolean {
  const manifest = readFileSync(require.resolve("@pulumi/aws/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return existsSync(join(paths.pulumi(home), "plugins", `resource-aws-v${version}`));
}

async function sayWhose({ home, io, chosen, stacks, progress }: Looking): Promise<void> {
  try {
    const { account, arn } = await checkAccount({ ...chosen.resolved, home, io }, stacks);
    progress.say(`AWS account ${account}, as ${arn}`);
  } catch (error) {
    // Without the plugin the engine has an obstacle of its own, which is to be heard of in the same run.
    const goesOn = error instanceof CodedError && error.code === "AWS_UNREACHABLE" && !hasPlugin(home);
    if (!goesOn) throw error;
    progress.say(`AWS could not be asked whose credentials these are: ${error.message}`);
  }
}

async function sayCode({ home, name, chosen, stacks, progress }: Looking): Promise<void> {
  const { preQueue, postQueue } = chosen.resolved;
  try {
    await checkUserCode(home, name, chosen.resolved);
    for (const file of [preQueue, postQueue]) if (file) progress.say(`${file} can be bundled and loaded`);
  } finally {
    const known = stacks.some((stack) => stack?.project === "nami");
    if (!known) rmSync(join(paths.work(home), ".nami", "build", name), { recursive: true, force: true });
  }
}

/**
 * All that can be said of a preview on AWS before the engine is asked, which needs the network, 800 MB of plugin and
 * credentials. What is well is told, so that whoever is stopped by the next thing knows how far it came.
 * Throws HANDLER_…, ACCOUNT_CHANGED and what `callerIdentity` does.
 */
export async function lookBeforeEngine(looking: Looking): Promise<void> {
  looking.progress.say("the options are fine");
  await sayCode(looking);
  await sayWhose(looking);
}
