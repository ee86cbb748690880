import { findHost, hostStatus, startHost, stopHost } from "../../local/host/client";
import { namiHome, paths } from "../../local/paths";
import type { HostStatus } from "../../local/protocol";
import type { Args, Command } from "../command";
import { hostFlags, hostOptions } from "../command-line/host-options";
import { facts, table } from "../display/table";
import { moment } from "../display/time-text";
import { cliError } from "../errors";
import { writableHome } from "../home";
import { type Io, json, line } from "../io";

/** A host of an earlier version does not say. */
function wallText({ wall }: HostStatus): [string, string][] {
  if (!wall) return [];
  return [["wall", "name" in wall ? wall.name : `none: ${wall.missing}`]];
}

function print(status: HostStatus, home: string, io: Io): void {
  const { pid, version, gatewayUrl, publicUrl, startedAt, rssBytes } = status;
  line(
    io,
    facts(io, [
      ["host", `running, process ${pid}, Nami ${version}`],
      ["since", moment(startedAt, io.now())],
      ["gateway", publicUrl === gatewayUrl ? gatewayUrl : `${gatewayUrl}, told to senders as ${publicUrl}`],
      ["memory", `${(rssBytes / 1024 ** 2).toFixed(0)} MiB, sandboxes and databases apart`],
      ...wallText(status),
      ["log", paths.hostLog(home)],
    ]),
  );
  const functions = Object.entries(status.functions).map(([name, { sandboxes, busy }]) => [
    name,
    `${sandboxes}`,
    `${busy}`,
  ]);
  if (functions.length > 0) line(io, `\n${table(io, ["FUNCTION", "SANDBOXES", "BUSY"], functions)}`);
  const databases = Object.entries(status.mongo).map(
    ([id, { name = "", state, engine = "", port, pid: own }]) => [
      id,
      name,
      state,
      engine,
      port ? `127.0.0.1:${port}` : "",
      own ? String(own) : "",
    ],
  );
  if (databases.length > 0)
    line(io, `\n${table(io, ["MONGO", "NAME", "STATE", "ENGINE", "ADDRESS", "PID"], databases)}`);
  for (const [id, { error }] of Object.entries(status.mongo)) if (error) line(io, `${id}: ${error}`);
}

function show(status: HostStatus, home: string, args: Args, io: Io): void {
  if (args.json) json(io, status);
  else print(status, home, io);
}

async function stop(home: string, args: Args, io: Io): Promise<void> {
  const running = await findHost(home);
  await stopHost(home);
  if (args.json) json(io, { stopped: running?.pid ?? null });
  else line(io, running ? `The host (process ${running.pid}) has stopped.` : "No host was running.");
}

export const command: Command = {
  name: "host",
  usage: "host <action>",
  summary: "Start, stop or show the local host (start|stop|status)",
  describe:
    "The host is the daemon behind the local target: gateway, queues, functions and databases of every local name. " +
    "`up` starts it; after a crash or a reboot `nami host start` brings everything back.",
  examples: [
    "nami host start",
    "nami host start --listen 0.0.0.0:6264",
    "nami host status --json",
    "nami host stop",
  ],
  flags: hostFlags,
  run: async (args, io) => {
    const home = namiHome(io.env);
    const { action } = args as unknown as { action: string };
    const options = hostOptions(args, "host");
    if (action === "start") {
      writableHome(io);
      show(await startHost(home, options), home, args, io);
    } else if (action === "status") show(await hostStatus(home), home, args, io);
    else if (action === "stop") await stop(home, args, io);
    else
      throw cliError("USAGE", {
        problem: `nami host knows start, stop and status, not "${action}".`,
        verb: "host",
      });
  },
};
