import type { Io } from "./io";

/** A flag of one command. `name` is kebab-case without dashes; the value arrives in camelCase. */
export interface Flag {
  name: string;
  type: "string" | "boolean" | "number";
  describe: string;
  alias?: string;
  choices?: readonly string[];
  /** What stands for the value in help, e.g. "ADDR". */
  placeholder?: string;
  default?: string | number | boolean;
  /** Under which heading help shows it; absent: one of the command's own. */
  section?: string;
}

/** What every command gets: the flags that hold for all of them, its positionals and its own flags. */
export interface Args {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  yes: boolean;
  target?: string;
  state?: string;
  region?: string;
  /** The deployment's name, for commands whose usage has `<name>`. */
  name: string;
  [flag: string]: unknown;
}

/** One verb. Its module is loaded only when the verb is used: keep heavy imports inside `run`. */
export interface Command {
  name: string;
  aliases?: readonly string[];
  /** In yargs' form, e.g. "up <name>", "events <name> [id]". */
  usage: string;
  /** One line for `nami help`. */
  summary: string;
  /** A few sentences for `nami help <verb>`. */
  describe: string;
  examples: readonly string[];
  flags?: readonly Flag[];
  /** Takes the options of infra/options.ts that a name has, or the gateway, as flags, too. */
  takesOptions?: "name" | "gateway";
  /** Returns the exit code (nothing = 0); throws CodedError for what a person can mend. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands end without a code
  run(args: Args, io: Io): Promise<number | void>;
}
