import { existsSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { withDeployedConfig } from "../deployments/deployed-config";
import type { Workbench } from "../deployments/room";
import type { KeptStack } from "../deployments/state";
import type { Progress } from "../display/progress";
import { giveBack, isLost } from "./local-target";

/** Where the documents of a name lie on this machine. */
export function dataFolder(home: string, data: KeptStack): string {
  return join(paths.host(home), "volumes", String(data.outputs.volumeId));
}

/**
 * A host that lost its database knows volume and password of a name no more, but the data stack does, and the
 * documents are on disk: the host is told of them again, so that nothing stored is lost with the database.
 */
export async function recoverData(
  bench: Workbench,
  data: KeptStack | undefined,
  progress: Progress,
): Promise<void> {
  const { home, target } = bench;
  if (target !== "local" || typeof data?.outputs.volumeId !== "string" || data.pending) return;
  if (!existsSync(dataFolder(home, data)) || !(await isLost(home, data))) return;
  const room = { project: data.project, stack: data.stack };
  const resources = await withDeployedConfig(bench, room, (stack) => stack.resources());
  await giveBack(home, resources);
  progress.say(`The host has lost its database: the stored events of ${data.stack} are given back to it.`);
}
