import type { Args, Command } from "../command";
import { secretsProviderFlag, upgradeHostFlag } from "../command-line/flags";
import { repeatingFlags, upFor } from "../command-line/up-for";
import { countText } from "../display/diff";
import { changeLines } from "../display/diff-text";
import { colors, type Io, json, line } from "../io";
import type { Preview } from "../lifecycle/look-ahead";

function report(io: Io, args: Args, { name, stacks, changes }: Preview): void {
  for (const { stack, changes: inStack } of stacks) {
    if (inStack.length === 0) continue;
    line(io, colors(io).bold(stack));
    for (const change of inStack) for (const text of changeLines(io, change)) line(io, text);
  }
  const counts = countText(changes);
  line(
    io,
    counts === "no changes" ? `${name}: no changes` : `${name}: ${counts}. Do it with: ${upFor(args)}`,
  );
}

export const command: Command = {
  name: "preview",
  usage: "preview <name>",
  summary: "Show what up would change, without changing it",
  describe:
    "Shows what `nami up` with the same options would create, change, replace and delete: each property's old and new value, " +
    "and which of them makes a resource anew. Starts nothing and keeps nothing, also for a name that does not exist yet.",
  examples: ["nami preview orders", "nami preview orders --concurrency 20", "nami preview orders --json"],
  takesOptions: "name",
  flags: [upgradeHostFlag, secretsProviderFlag],
  async run(args, io) {
    const { lookAhead } = await import("../lifecycle/look-ahead");
    const found = await lookAhead(args, io).catch((error) => {
      throw repeatingFlags(error, args);
    });
    if (args.json) json(io, found);
    else report(io, args, found);
  },
};
