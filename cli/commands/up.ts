import type { Command } from "../command";
import { secretsProviderFlag, upgradeHostFlag } from "../command-line/flags";
import { repeatingFlags } from "../command-line/up-for";
import { countText } from "../display/diff";
import { needsSecret } from "../display/needs-secret";
import { colors, type Io, json, line } from "../io";
import type { BroughtUp } from "../lifecycle/bring-up";

const DONE = { create: "created", update: "changed", replace: "replaced", delete: "deleted" } as const;

export function report(io: Io, done: BroughtUp): void {
  const { name, url, verified, changes, ready, toConfirm } = done;
  const { bold, green, yellow } = colors(io);
  const counts = countText(changes, DONE);
  line(
    io,
    counts === "no changes" ? `${green("✓")} ${name}: no changes` : `${green("✓")} ${name} is up: ${counts}`,
  );
  if (ready.delayed) line(io, yellow(`  Not tested to the end: ${ready.delayed}.`));
  else line(io, `  A test event went in at the URL and came out of the store in ${ready.ms} ms.`);
  line(io, `\n  ${bold(url)}\n`);
  if (!verified) line(io, yellow("  unverified: anyone who knows the URL can post (nami verify list)"));
  const lacking = needsSecret(done);
  if (lacking) line(io, yellow(`  ${lacking}`));
  if (toConfirm)
    line(io, yellow(`  AWS has sent a mail to ${toConfirm}: no alarm comes there before it is confirmed`));
  line(io, `  nami status ${name}`);
  line(io, `  nami events ${name}`);
  line(io, `  nami down ${name}`);
}

export const command: Command = {
  name: "up",
  aliases: ["deploy"],
  usage: "up <name>",
  summary: "Deploy the pipeline <name>, or bring it up to date",
  describe:
    "Deploys gateway, functions, queue and store, and ends when a test event that went in at the URL has come out of the " +
    "store. Run again it changes what is to be changed, and nothing else. Options are kept: an `up` without them goes on " +
    'with those of the last one; an empty value (--pre-queue "") goes back to the default.',
  examples: [
    "nami up orders",
    "nami up orders --verify stripe --secret env:STRIPE_SECRET",
    "nami up orders --batch-size 100 --batch-window 2s",
    "nami up orders --post-queue ./store-order.ts",
    "nami up orders --target aws --region eu-central-1",
  ],
  takesOptions: "name",
  flags: [
    { name: "refresh", type: "boolean", describe: "Look at what really exists before changing anything" },
    upgradeHostFlag,
    secretsProviderFlag,
  ],
  async run(args, io) {
    const { bringUp } = await import("../lifecycle/bring-up");
    const done = await bringUp(args, io).catch((error) => {
      throw repeatingFlags(error, args);
    });
    if (args.json) json(io, done);
    else report(io, done);
  },
};
