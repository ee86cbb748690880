import { nearest } from "../../infra/did-you-mean";
import { options } from "../../infra/options";
import type { Args, Command, Flag } from "../command";
import { cliError } from "../errors";
import { commonFlags, flagsOf, placeFlags } from "./flags";

const parserSettings = {
  "duplicate-arguments-array": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "boolean-negation": false,
  "dot-notation": false,
};

/** The first word that is not a flag: the verb. Flags may stand before it. */
export function verbOf(argv: readonly string[]): { verb?: string; rest: string[] } {
  const valued = [...placeFlags, ...commonFlags].filter(({ type }) => type !== "boolean");
  const takesValue = new Set(valued.map(({ name }) => `--${name}`));
  const at = argv.findIndex((word, i) => !word.startsWith("-") && !takesValue.has(argv[i - 1] ?? ""));
  if (at < 0) return { rest: [...argv] };
  return { verb: argv[at], rest: [...argv.slice(0, at), ...argv.slice(at + 1)] };
}

function isTyped(flag: string, rest: readonly string[]): boolean {
  return rest.some((word) => /^-/.test(word) && word.replace(/^-+/, "").split("=")[0] === flag);
}

/** The command that takes an option of the schema. */
function ownerOf(flag: string): string | undefined {
  const option = options.find((each) => each.flag === flag);
  return option && (option.scope === "gateway" ? "nami gateway set" : "nami up <name>");
}

function problemOf(message: string, { usage }: Command, flags: readonly Flag[], rest: readonly string[]) {
  if (/^Not enough non-option arguments/.test(message)) return `Something is missing: nami ${usage}`;
  const valueless = /^Not enough arguments following: (\S+)/.exec(message)?.[1];
  if (valueless) return `--${valueless} needs a value.`;
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(", ")[0];
  if (!unknown) return message.replace(/\n+/g, " ");
  if (!isTyped(unknown, rest)) return `One word too many: "${unknown}". It is: nami ${usage}`;
  const elsewhere = ownerOf(unknown);
  if (elsewhere) return `Unknown option --${unknown}. It is one of: ${elsewhere}`;
  const names = flags.flatMap(({ name, alias }) => (alias ? [name, alias] : [name]));
  const meant = nearest(unknown, names);
  if (meant) return `Unknown option --${unknown}. Did you mean --${meant}?`;
  return `Unknown option --${unknown}.`;
}

/** yargs takes every other value of a switch for false. */
function oddSwitch(flags: readonly Flag[], rest: readonly string[]): string | undefined {
  for (const word of rest) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (!flags.some((flag) => flag.type === "boolean" && flag.name === name)) continue;
    if (value !== "true" && value !== "false") return `--${name} takes no value; "${value}" was given.`;
  }
  return undefined;
}

/** `yargs` speaks of one dash or two as it stored them; a flag not given must stay absent, also as camelCase. */
function argsOf(parsed: Record<string, unknown>): Args {
  const given = Object.entries(parsed).filter(([key, value]) => value !== undefined && !/[-$]/.test(key));
  const { _: _words, ...flags } = Object.fromEntries(given);
  return { json: false, quiet: false, verbose: false, yes: false, name: "", ...flags };
}

/**
 * Reads what follows the verb by the command's usage and flags.
 * Throws USAGE for what the command does not know, with the nearest flag it does know.
 */
export async function parse(command: Command, rest: readonly string[]): Promise<Args> {
  // yargs is an ES module; compiled to require(), which Node reads from 22.12 on.
  const { default: yargs } = await import("yargs");
  const flags = flagsOf(command);
  const usage = (problem: string) => cliError("USAGE", { problem, verb: command.name });
  const parser = yargs([])
    .parserConfiguration(parserSettings)
    .exitProcess(false)
    .showHelpOnFail(false)
    .help(false)
    .version(false)
    .locale("en")
    .strict()
    .fail((message, error) => {
      // Some of its own complaints come as an error without a message beside it.
      if (error && error.name !== "YError") throw error;
      throw usage(problemOf(message ?? error.message, command, flags, rest));
    })
    .command(command.usage, command.summary, (builder) => {
      for (const { name, type, alias, choices, default: value } of flags) {
        builder.option(name, { type, alias, choices, default: value, requiresArg: type !== "boolean" });
      }
      return builder;
    });
  const odd = oddSwitch(flags, rest);
  if (odd) throw usage(odd);
  const parsed = await parser.parseAsync([command.usage.split(" ")[0]!, ...rest]);
  return argsOf(parsed as Record<string, unknown>);
}
