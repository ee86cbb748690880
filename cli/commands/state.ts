import { namiHome } from "../../local/paths";
import type { Args, Command } from "../command";
import { secretsProviderFlag } from "../command-line/flags";
import { Backend } from "../deployments/backend";
import { PASSPHRASE } from "../deployments/secrets-provider";
import { askedState, isShared, ownState, sameState, stateUrl } from "../deployments/state";
import { facts } from "../display/table";
import { cliError } from "../errors";
import { colors, type Io, json, line } from "../io";
import type { Moved } from "../lifecycle/move/move-state";
import { type StateFacts, stateFacts } from "../lifecycle/state-facts";

const list = (words: string[]) => (words.length > 0 ? words.join(", ") : "none");

function moveText({ from, to, done }: NonNullable<StateFacts["move"]>): string {
  return done ? `everything was moved to ${to}` : `from ${from} to ${to}, under way or interrupted`;
}

async function show(args: Args, io: Io): Promise<void> {
  const home = namiHome(io.env);
  const found = await stateFacts(new Backend(home, io, askedState(args.state, io) ?? ownState(home)));
  if (args.json) {
    json(io, found);
    return;
  }
  const rows: [string, string][] = [
    ["state", found.state],
    ["whose", found.shared ? "a team's" : "this NAMI_HOME's own"],
    ["secrets", found.secretsProvider ?? "none yet"],
    ["names", list(found.names)],
    ["data kept", list(found.dataKept)],
    ["gateways", list(found.gateways)],
  ];
  for (const { name, command, user, host, since } of found.locks)
    rows.push(["at work", `${name}: \`nami ${command}\` by ${user} on ${host}, since ${since}`]);
  if (found.move) rows.push(["moved", moveText(found.move)]);
  line(io, facts(io, rows));
}

function report(io: Io, { from, to, stacks, secretsProvider }: Moved): void {
  const { green } = colors(io);
  line(io, `${green("✓")} ${stacks.length} stacks ${from === to ? "are encrypted anew in" : "lie in"} ${to}`);
  for (const stack of stacks) line(io, `  ${stack}`);
  const own = !isShared(namiHome(io.env), to) && io.env.PULUMI_CONFIG_PASSPHRASE === undefined;
  const passphrase = own ? "the passphrase of this NAMI_HOME" : "the passphrase in PULUMI_CONFIG_PASSPHRASE";
  line(io, `  Their secrets are under ${secretsProvider === PASSPHRASE ? passphrase : secretsProvider}.`);
}

async function move(args: Args, io: Io): Promise<void> {
  const { from, to } = args as { from?: string; to?: string };
  if (!to) throw cliError("USAGE", { problem: "Where to? Give --to URL.", verb: "state" });
  const source = from ? stateUrl(from, io) : (askedState(args.state, io) ?? ownState(namiHome(io.env)));
  const destination = stateUrl(to, io);
  const done = sameState(source, destination)
    ? await (await import("../lifecycle/move/change-provider")).changeStateProvider(args, io, source)
    : await (await import("../lifecycle/move/move-state")).moveState(args, io, source, destination);
  if (args.json) json(io, done);
  else report(io, done);
}

export const command: Command = {
  name: "state",
  usage: "state <action>",
  summary: "Show where state lies, or move it (show|move)",
  describe:
    "`show` tells what lies in a state, who works on it, and what encrypts its secrets. `move` takes all of it, every name " +
    "and the gateways that names share, to another folder or bucket: copied, compared, and only then forgotten at the " +
    "source. Where --to is where it lies already, its secrets are encrypted anew under --secrets-provider.",
  examples: [
    "nami state show",
    "nami state move --to 's3://team-state?region=eu-central-1'",
    "nami state move --to s3://team-state --secrets-provider awskms://alias/nami",
    "nami state move --from s3://team-state --to ~/.nami/state",
  ],
  flags: [
    {
      name: "from",
      type: "string",
      placeholder: "URL",
      describe: "move: the state to move (default: --state, NAMI_STATE, else the one under NAMI_HOME)",
    },
    { name: "to", type: "string", placeholder: "URL", describe: "move: where it shall lie" },
    secretsProviderFlag,
  ],
  run: async (args, io) => {
    const { action } = args as unknown as { action: string };
    if (action === "show") await show(args, io);
    else if (action === "move") await move(args, io);
    else
      throw cliError("USAGE", { problem: `nami state knows show and move, not "${action}".`, verb: "state" });
  },
};
