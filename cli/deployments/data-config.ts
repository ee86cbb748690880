import type { StackSettings } from "@pulumi/pulumi/automation";
import type { Written } from "../../infra/options";
import { answeredIn, forgottenIn, readSettings, withAnswered, withKeptOptions } from "./config";
import { withDeployedConfig } from "./deployed-config";
import type { Room, Workbench } from "./room";

/**
 * The config of a name's data outlives the pipeline. What the next `up` must know, and no program asks for, is kept in it,
 * without a run of the engine.
 */
const roomOf = (name: string): Room => ({ project: "nami-data", stack: name });

function changeDataConfig(
  bench: Workbench,
  name: string,
  change: (settings: StackSettings) => StackSettings,
): Promise<void> {
  return withDeployedConfig(bench, roomOf(name), async (data) => {
    await data.workspace.saveStackSettings(name, change(await readSettings(data.workspace, name)));
    await data.keepConfig();
  });
}

/** Keeps what a pipeline, which goes, was deployed with; of secrets only which there were. */
export function keepOptionsOf(bench: Workbench, name: string, written: Written): Promise<void> {
  return changeDataConfig(bench, name, (settings) => withKeptOptions(settings, written));
}

/** Keeps the version that the MongoDB of a name has answered with. */
export function keepAnswered(bench: Workbench, name: string, version: string): Promise<void> {
  return changeDataConfig(bench, name, (settings) => withAnswered(settings, version));
}

/** The version that the MongoDB of a name has answered with last; undefined before it did. */
export function answeredVersion(bench: Workbench, name: string): Promise<string | undefined> {
  return withDeployedConfig(bench, roomOf(name), async ({ workspace }) =>
    answeredIn(await readSettings(workspace, name)),
  );
}

/** The secrets that the last pipeline of a name had and that went with it, by option. */
export function forgottenSecrets(bench: Workbench, name: string): Promise<string[]> {
  return withDeployedConfig(bench, roomOf(name), async ({ workspace }) =>
    forgottenIn(await readSettings(workspace, name)),
  );
}
