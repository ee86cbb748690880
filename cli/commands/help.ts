import { nearest } from "../../infra/did-you-mean";
import type { Command, Flag } from "../command";
import { flagsOf } from "../command-line/flags";
import { type Entry, findEntry, commands as table } from "../commands";
import { cliError } from "../errors";
import { colors, type Io, json, line } from "../io";

const PICTURE = "provider ─POST─▶ gateway /<name> ─▶ pre-queue ─▶ queue ─▶ post-queue ─▶ MongoDB";

function columns(rows: readonly [string, string][], indent = "  "): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}  ${right}`);
}

function overview(io: Io): void {
  const { bold, dim } = colors(io);
  const shown = table.filter((entry) => !entry.hidden);
  line(io, "Nami takes in webhooks at any rate and loses none.\n");
  line(io, `  ${dim(PICTURE)}\n`);
  line(io, bold("Commands"));
  for (const text of columns(shown.map((entry): [string, string] => [entry.usage, entry.summary])))
    line(io, text);
  line(io, `\n${bold("Begin")}\n  nami up orders\n  nami help up`);
}

/** Words of `text` in lines of at most `width`. */
function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1]!;
    if (last && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function flagText({ name, alias, placeholder, type }: Flag): string {
  const value = type === "boolean" ? "" : ` ${placeholder ?? "VALUE"}`;
  return `${alias ? `-${alias}, ` : ""}--${name}${value}`;
}

function page(io: Io, entry: Entry, command: Command): void {
  const { bold } = colors(io);
  const width = Math.max(60, Math.min(io.columns, 110));
  line(
    io,
    `${bold(`nami ${command.usage}`)}${entry.aliases ? `   (also: ${entry.aliases.join(", ")})` : ""}\n`,
  );
  for (const text of wrap(command.describe, width)) line(io, text);
  const sections = Map.groupBy(flagsOf(command), ({ section = "Options" }) => section);
  for (const [title, flags] of sections) {
    line(io, `\n${bold(title)}`);
    for (const flag of flags) {
      line(io, `  ${flagText(flag)}`);
      for (const text of wrap(flag.describe, width - 6)) line(io, `      ${text}`);
    }
  }
  line(io, `\n${bold("Examples")}`);
  for (const example of command.examples) line(io, `  ${example}`);
}

export const command: Command = {
  name: "help",
  usage: "help [verb]",
  summary: "This page, or the page of one command",
  describe: "Without a word: all commands. With the name of a command: what it does, its options, examples.",
  examples: ["nami help", "nami help up"],
  async run(args, io) {
    const verb = args.verb as string | undefined;
    if (!verb) {
      if (args.json)
        json(
          io,
          table.filter((entry) => !entry.hidden).map(({ load: _load, ...facts }) => facts),
        );
      else overview(io);
      return;
    }
    const entry = findEntry(verb);
    if (!entry) {
      const meant = nearest(
        verb,
        table.map(({ name }) => name),
      );
      const problem = `There is no command "${verb}".${meant ? ` Did you mean "${meant}"?` : ""}`;
      throw cliError("USAGE", { problem, verb: "" });
    }
    const { command: asked } = await entry.load();
    if (args.json) json(io, { ...asked, flags: flagsOf(asked) });
    else page(io, entry, asked);
  },
};
