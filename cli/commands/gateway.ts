import { mkdirSync } from "node:fs";
import { findHost, startHost, stopHost } from "../../local/host/client";
import { readSettings, writeSettings } from "../../local/host/settings";
import { namiHome, paths } from "../../local/paths";
import type { HostSettings } from "../../local/protocol";
import type { Args, Command } from "../command";
import { hostFlags, hostOptions } from "../command-line/host-options";
import { facts } from "../display/table";
import { cliError } from "../errors";
import { writableHome } from "../home";
import { type Io, json, line, note } from "../io";

interface Facts {
  target: "local";
  listen: string;
  publicUrl: string;
  running: boolean;
}

async function gatewayFacts(home: string): Promise<Facts> {
  const running = await findHost(home);
  const { listen, publicUrl } = readSettings(home);
  const url = running?.gatewayUrl ?? `http://${listen}`;
  return {
    target: "local",
    listen,
    publicUrl: running?.publicUrl ?? publicUrl ?? url,
    running: Boolean(running),
  };
}

async function show(home: string, args: Args, io: Io): Promise<void> {
  const found = await gatewayFacts(home);
  if (args.json) return json(io, found);
  line(
    io,
    facts(io, [
      ["target", "local"],
      ["listens on", `${found.listen}${found.running ? "" : " (when the host runs; it does not now)"}`],
      ["public URL", found.publicUrl],
    ]),
  );
}

/** The settings with what was given; `--public-url none` takes the public URL away. */
function wanted(kept: HostSettings, args: Args): HostSettings {
  const { publicUrl, ...rest } = kept;
  const clears = args.publicUrl === "none";
  const given = hostOptions(clears ? { ...args, publicUrl: undefined } : args, "gateway");
  if (!clears && Object.keys(given).length === 0) {
    throw cliError("USAGE", { problem: "Nothing to set: give --listen or --public-url.", verb: "gateway" });
  }
  return { ...rest, ...(publicUrl !== undefined && !clears && { publicUrl }), ...given };
}

/** A running host is stopped, which drains what it has at work; one that cannot start anew gets its old settings back. */
async function restart(home: string, before: HostSettings, after: HostSettings): Promise<void> {
  await stopHost(home);
  writeSettings(home, after);
  try {
    await startHost(home);
  } catch (error) {
    writeSettings(home, before);
    await startHost(home);
    throw error;
  }
}

async function set(home: string, args: Args, io: Io): Promise<void> {
  const kept = readSettings(home);
  const next = wanted(kept, args);
  mkdirSync(paths.host(writableHome(io)), { recursive: true, mode: 0o700 });
  const before = await gatewayFacts(home);
  if (before.running) await restart(home, kept, next);
  else writeSettings(home, next);
  await show(home, args, io);
  const after = await gatewayFacts(home);
  if (after.publicUrl !== before.publicUrl && !args.quiet) {
    note(
      io,
      "The URL of every name is another one now. `nami status <name>` shows it; `nami up <name>` keeps it.",
    );
  }
}

export const command: Command = {
  name: "gateway",
  usage: "gateway <action>",
  summary: "Show or set the shared gateway (show|set)",
  describe:
    "The gateway is the one front door of all names. On this machine it listens on 127.0.0.1 until told otherwise; " +
    "with a TLS proxy or a tunnel before it, --public-url is the address that senders see.",
  examples: [
    "nami gateway show",
    "nami gateway set --public-url https://hooks.example.com",
    "nami gateway set --listen 0.0.0.0:6264",
  ],
  flags: hostFlags,
  run: async (args, io) => {
    const home = namiHome(io.env);
    const { action } = args as unknown as { action: string };
    if (args.target === "aws") {
      throw cliError("USAGE", {
        problem: "The gateway on AWS has nothing to set yet; see it with nami status <name>.",
        verb: "gateway",
      });
    }
    if (action === "show") await show(home, args, io);
    else if (action === "set") await set(home, args, io);
    else
      throw cliError("USAGE", {
        problem: `nami gateway knows show and set, not "${action}".`,
        verb: "gateway",
      });
  },
};
