import type { LocalWorkspace, StackSettings } from "@pulumi/pulumi/automation";
import { STORED_SECRET } from "../../infra/option-values";
import { type Option, type OptionScope, optionsOf, type Written } from "../../infra/options";
import { fromConfig, toConfig } from "../../infra/stack-config";
import { cliError } from "../errors";
import type { Project } from "./state";

type Entry = string | { secure: string };
type Config = Record<string, Entry>;

/** What the program compares the account with that it finds itself in. */
const ACCOUNT = "nami:account";
/** What makes the code of the functions another one, after a `nami dev`; see dev-mark.ts. */
const EDITION = "nami:edition";
/** Names of the secrets that went with a pipeline, in the config of its data. */
const FORGOTTEN = "nami:forgotten";
/** The version that the MongoDB of kept data has answered with. */
const MONGO_ANSWERED = "nami:mongoAnswered";

/** What an operation puts into its stack's config. */
export interface NewConfig {
  /** Whose options these are: those of the other stay in the config as they are. */
  of: "name" | "gateway";
  /** As typed, complete: an option that is missing here is missing in the config. */
  written: Written;
  /** Values of the secrets that were given anew, by option name. */
  secrets: Record<string, string>;
  /** The AWS account the stack was deployed in, once it is known. */
  account?: string;
  /** Of a mark that a `nami dev` has left; absent: that of the last deployment stays. */
  edition?: string;
}

/** Which options a project's config holds. How a person reaches the target is nobody else's, and in none of them. */
const SCOPES: Record<Project, readonly OptionScope[]> = {
  nami: ["place", "pipeline", "data"],
  "nami-data": ["place", "data"],
  "nami-gateway": ["place", "gateway"],
};

/** The options in a project's config that an operation speaks of. */
function optionsFor(project: Project, { of }: Pick<NewConfig, "of">): readonly Option[] {
  return optionsOf(of).filter(({ scope }) => SCOPES[project].includes(scope));
}

function pick(project: Project, { of, written }: Pick<NewConfig, "of" | "written">): Written {
  const names = new Set<string>(optionsFor(project, { of }).map(({ name }) => name));
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
export function withOptions(project: Project, settings: StackSettings, wanted: NewConfig): StackSettings {
  const before = (settings.config ?? {}) as Config;
  const mine = pick(project, wanted);
  const config: Config = { ...before };
  for (const { name, kind, configKey } of optionsFor(project, wanted)) {
    const stays = kind === "secret" && mine[name] !== undefined;
    if (!stays) delete config[configKey];
  }
  for (const [key, { value }] of Object.entries(toConfig(mine))) config[key] = value;
  if (wanted.account) config[ACCOUNT] = wanted.account;
  if (wanted.edition && project === "nami") config[EDITION] = wanted.edition;
  return { ...settings, config } as StackSettings;
}

/**
 * The settings of a name's data with the plain options of its pipeline, which goes: the next one begins with them. Of
 * secrets only which there were.
 */
export function withKeptOptions(settings: StackSettings, all: Written): StackSettings {
  const isSecret = (value: unknown) => value === STORED_SECRET;
  const written = Object.fromEntries(Object.entries(all).filter(([, value]) => !isSecret(value))) as Written;
  const forgotten = Object.keys(all).filter((name) => isSecret(all[name as keyof Written]));
  const config: Config = { ...((settings.config ?? {}) as Config) };
  const kept: Written = {};
  for (const { name, configKey } of optionsOf("name").filter(({ scope }) => scope === "pipeline")) {
    delete config[configKey];
    if (written[name] !== undefined) kept[name] = written[name];
  }
  for (const [key, { value }] of Object.entries(toConfig(kept))) config[key] = value;
  config[FORGOTTEN] = forgotten.join(",");
  return { ...settings, config } as StackSettings;
}

/** The secrets that the last pipeline of a name had, by option. */
export function forgottenIn({ config }: StackSettings): string[] {
  const text = (config as Config | undefined)?.[FORGOTTEN];
  return typeof text === "string" ? text.split(",").filter(Boolean) : [];
}

/** The settings of a name's data with the version that its MongoDB has answered with. */
export function withAnswered(settings: StackSettings, version: string): StackSettings {
  return { ...settings, config: { ...settings.config, [MONGO_ANSWERED]: version } };
}

export function answeredIn({ config }: StackSettings): string | undefined {
  return (config as Config | undefined)?.[MONGO_ANSWERED] as string | undefined;
}

/** Key and value of each secret that was given anew: they go through the engine's stdin. */
export function newSecrets(project: Project, { secrets }: NewConfig): [key: string, value: string][] {
  return Object.entries(toConfig({}, project === "nami" ? secrets : {}))
    .filter(([, { secret }]) => secret)
    .map(([key, { value }]) => [key, value]);
}
