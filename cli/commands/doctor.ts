import { findHost } from "../../local/host/client";
import { readSettings } from "../../local/host/settings";
import { installMongoEngine } from "../../local/mongo/install";
import { namiHome } from "../../local/paths";
import type { Args, Command } from "../command";
import { longStep } from "../display/long-step";
import { ensureEngine } from "../engine/engine";
import { writableHome } from "../home";
import { colors, type Io, json, line } from "../io";
import {
  type Check,
  checkCredentials,
  checkEngine,
  checkHome,
  checkHost,
  checkMongo,
  checkNode,
  checkPort,
  checkWall,
} from "../operate/checks";

async function examine(home: string, io: Io): Promise<Check[]> {
  const room = checkHome(io);
  if (room.broken) return [checkNode(), room];
  const host = await findHost(home);
  return [
    checkNode(),
    room,
    await checkEngine(home, io),
    await checkMongo(home, io),
    host ? checkHost(host) : await checkPort(readSettings(home).listen),
    await checkWall(home, io),
    checkCredentials(io.env),
  ];
}

/** Installs now what the first `up` would install. */
async function install(home: string, io: Io): Promise<void> {
  writableHome(io);
  await ensureEngine({ home, io });
  const step = longStep(io, "installing MongoDB");
  try {
    const { name } = await installMongoEngine({ home, env: io.env }, { step: (text) => step.update(text) });
    step.end(name);
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

function print(checks: Check[], io: Io): void {
  const color = colors(io);
  const sign = ({ ok, broken }: Check) =>
    ok ? color.green("ok") : broken ? color.red("problem") : color.yellow("note");
  for (const check of checks) {
    const pad = " ".repeat("problem".length - (check.ok ? 2 : check.broken ? 7 : 4));
    line(io, `${sign(check)}${pad}  ${check.check.padEnd(7)}  ${check.found}`);
    if (check.fix) line(io, `${" ".repeat(18)}${color.dim("try:")} ${check.fix}`);
  }
}

async function run(args: Args, io: Io): Promise<number> {
  const home = namiHome(io.env);
  if (args.fix) await install(home, io);
  const checks = await examine(home, io);
  if (args.json) json(io, checks);
  else if (!args.quiet) print(checks, io);
  return checks.some(({ broken }) => broken) ? 1 : 0;
}

export const command: Command = {
  name: "doctor",
  usage: "doctor",
  summary: "Check engine, Node, Mongo, ports, credentials; each with a fix",
  describe:
    "Looks at everything Nami needs on this machine and says what to do about what is missing. " +
    "Exits 1 when Nami cannot work as things are; what is merely not installed yet is a note.",
  examples: ["nami doctor", "nami doctor --fix", "nami doctor --json"],
  flags: [
    { name: "fix", type: "boolean", describe: "Install engine and MongoDB now rather than at the first up" },
  ],
  run,
};
