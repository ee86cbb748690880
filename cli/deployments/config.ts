import type { LocalWorkspace, StackSettings } from "@pulumi/pulumi/automation";
import { type Option, options, type Written } from "../../infra/options";
import { fromConfig, toConfig } from "../../infra/stack-config";
import { cliError } from "../errors";
import type { Project } from "./state";

type Entry = string | { secure: string };
type Config = Record<string, Entry>;

/** What an operation puts into its stack's config. */
export interface NewConfig {
  /** As typed, complete: an option that is missing here is missing in the config. */
  written: Written;
  /** Values of the secrets that were given anew, by option name. */
  secrets: Record<string, string>;
}

/** The shared stacks know only the place; everything else is the pipeline's. */
export function optionsFor(project: Project): readonly Option[] {
  return project === "nami" ? options : options.filter(({ scope }) => scope === "place");
}

function pick(project: Project, written: Written): Written {
  const names = new Set<string>(optionsFor(project).map(({ name }) => name));
  return Object.fromEntries(Object.entries(written).filter(([name]) => names.has(name)));
}

/** Settings of a stack that has none are empty. Broken ones are an error: to go on would reset every option. */
export async function readSettings(workspace: LocalWorkspace, stack: string): Promise<StackSettings> {
  try {
    return await workspace.stackSettings(stack);
  } catch (error) {
    if (/failed to find stack settings/.test((error as Error).message)) return {};
    throw cliError("CONFIG_BROKEN", { stack, reason: (error as Error).message.split("\n")[0]! }, error);
  }
}

/** The options in a stack's settings, as they were typed; a kept secret as STORED_SECRET. */
export function writtenIn(settings: StackSettings): Written {
  const entries = Object.entries((settings.config ?? {}) as Config).map(([key, value]) => {
    const secret = typeof value === "object";
    return [key, { value: secret ? "" : String(value), secret }] as const;
  });
  return fromConfig(Object.fromEntries(entries));
}

/** The settings with the options replaced by new ones; secrets that stay, and keys that are not ours, are kept. */
export function withOptions(
  project: Project,
  settings: StackSettings,
  { written }: NewConfig,
): StackSettings {
  const before = (settings.config ?? {}) as Config;
  const mine = pick(project, written);
  const config: Config = { ...before };
  for (const { name, kind, configKey } of options) {
    const stays = kind === "secret" && mine[name] !== undefined;
    if (!stays) delete config[configKey];
  }
  for (const [key, { value }] of Object.entries(toConfig(mine))) config[key] = value;
  return { ...settings, config } as StackSettings;
}

/** Key and value of each secret that was given anew: they go through the engine's stdin. */
export function newSecrets(project: Project, { secrets }: NewConfig): [key: string, value: string][] {
  return Object.entries(toConfig(pick(project, {}), project === "nami" ? secrets : {}))
    .filter(([, { secret }]) => secret)
    .map(([key, { value }]) => [key, value]);
}
