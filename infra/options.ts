import { type Declared, type OptionKind, type OptionScope, sectionOf, table } from "./option-table";

export type { OptionKind, OptionScope } from "./option-table";

type Table = typeof table;
export type OptionName = keyof Table;

/** Where a secret's value is to be found. "config": already kept, encrypted, in the stack's config. */
export type SecretReference =
  | { from: "stdin" }
  | { from: "env"; name: string }
  | { from: "file"; path: string }
  | { from: "config" };

type ValueOf<O> = O extends { kind: "choice"; choices: readonly (infer Choice)[] }
  ? Choice
  : O extends { kind: "integer" | "duration" }
    ? number
    : O extends { kind: "secret" }
      ? SecretReference
      : string;

type WithDefault = { [N in OptionName]: Table[N] extends { default: unknown } ? N : never }[OptionName];

/** One spelling of everything: durations in seconds, defaults filled in. */
export type Resolved = { [N in WithDefault]: ValueOf<Table[N]> } & {
  [N in Exclude<OptionName, WithDefault>]?: ValueOf<Table[N]>;
};

/** What people typed, or what a stack's config holds. */
export type Written = { [N in OptionName]?: string | number };

/** An option with every name it goes by. */
export interface Option {
  name: OptionName;
  /** `--pre-queue-memory`, without the dashes. */
  flag: string;
  /** `NAMI_PRE_QUEUE_MEMORY` */
  env: string;
  /** `nami:preQueueMemory`: the key in a stack's config. */
  configKey: string;
  kind: OptionKind;
  scope: OptionScope;
  /** Under which heading help shows it. */
  section: string;
  text: string;
  unit?: string;
  default?: string | number;
  /** Of a duration: seconds. */
  min?: number;
  max?: number;
  choices?: readonly string[];
  pattern?: RegExp;
  example?: string;
}

const words = (name: string) => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

function withNames([name, declared]: [string, Declared]): Option {
  return {
    ...declared,
    name: name as OptionName,
    section: sectionOf(name as OptionName),
    flag: words(name).join("-"),
    env: `NAMI_${words(name).join("_").toUpperCase()}`,
    // The provider reads its region from its own namespace; a copy of ours could only disagree with it.
    configKey: name === "region" ? "aws:region" : `nami:${name}`,
  };
}

/** Every option, in the order of help and docs. */
export const options: readonly Option[] = Object.entries(table).map(withNames);

/** What one operation on a stack may set: of a name its own, of the gateway the gateway's. */
export function optionsOf(what: "name" | "gateway"): readonly Option[] {
  return options.filter(({ scope }) => scope === "place" || (scope === "gateway") === (what === "gateway"));
}
