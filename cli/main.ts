import { nearest } from "../infra/did-you-mean";
import { checkPlace } from "./command-line/flags";
import { parse, verbOf } from "./command-line/parse";
import { reportError } from "./command-line/report-error";
import { findEntry, commands as table } from "./commands";
import { useProfile } from "./deployments/profiles";
import { cliError } from "./errors";
import type { Io } from "./io";
import { shellQuote } from "./operate/shell-quote";

function has(argv: readonly string[], ...flags: string[]): boolean {
  return argv.some((word) => flags.includes(word));
}

function entryOf(verb: string) {
  const entry = findEntry(verb);
  if (entry) return entry;
  const words = table.filter((each) => !each.hidden).flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const meant = nearest(verb, words);
  const problem = `Unknown command "${verb}".${meant ? ` Did you mean "${meant}"?` : ""}`;
  throw cliError("USAGE", { problem, verb: "" });
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { verb = has(argv, "--version") ? "version" : "help", rest } = verbOf(argv);
  const entry = entryOf(verb);
  const asked = has(rest, "--help", "-h") && entry.name !== "help";
  const { command } = await (asked ? findEntry("help")! : entry).load();
  const words = asked ? [entry.name] : rest.filter((word) => word !== "--version" || verb !== "version");
  const args = await parse(command, words);
  checkPlace(args);
  useProfile(args, io);
  return (await command.run(args, io)) ?? 0;
}

/**
 * The whole CLI: reads `argv` (without node and script), does it, and answers the exit code:
 * 0 done, 1 expected failure, 2 usage, 70 bug, 130 cancelled. Never throws, never ends the process.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    const command = argv.map(shellQuote).join(" ");
    return reportError(io, error, {
      json: has(argv, "--json"),
      verbose: has(argv, "--verbose"),
      command,
    });
  }
}
