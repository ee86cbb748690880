import type { Command } from "../command";
import { withHandlerHint } from "../command-line/handler-hint";
import { reportError } from "../command-line/report-error";
import { isPlatform, logText, readLine } from "../display/log-text";
import { colors, type Io, line, note, unread } from "../io";
import { type DevView, develop } from "../lifecycle/dev/develop";
import { functionNames, logGroups, logPlace } from "../operate/function-logs";
import { followLogs } from "../operate/logs";

/** The watchdog and the operator have nothing to do with one's own code. */
const SHOWN = functionNames.filter((name) => name === "pre-queue" || name === "post-queue");

/** What is wrong with the file is right as soon as it is saved: nothing is to be run, and no `up` can beside a dev. */
const savingMends = (error: unknown) => withHandlerHint(error, () => "");

export function viewOf(io: Io, asJson: boolean): DevView {
  const { green } = colors(io);
  return {
    watching(_, files) {
      for (const [kind, file] of Object.entries(files)) note(io, `watching ${kind}: ${file}`);
      note(io, "Every saved change is live. Ctrl+C ends it.");
    },
    live(kind, ms) {
      if (asJson)
        line(io, JSON.stringify({ time: new Date(io.now()).toISOString(), function: kind, live: ms }));
      else note(io, `${green("✓")} ${kind} is live${ms ? ` (${ms} ms)` : ", as it is saved"}`);
    },
    problem(kind, error) {
      note(io, `${kind}: the code that ran before runs on.`);
      reportError(io, savingMends(error), { json: false, verbose: false, command: "dev" });
    },
    async logs(deployment, signal) {
      const groups = logGroups(deployment, SHOWN);
      const place = logPlace(deployment, { ...io, signal });
      for await (const event of followLogs(place, { groups: [...groups.keys()], since: io.now() })) {
        if (isPlatform(event.message)) continue;
        const read = readLine(event, (group) => groups.get(group) ?? group);
        line(io, asJson ? JSON.stringify(read) : logText(io, read));
      }
    },
  };
}

export const command: Command = {
  name: "dev",
  usage: "dev <name>",
  summary: "Put every saved change of your own code live at once",
  describe:
    "Watches the files that the name was deployed with (--pre-queue, --post-queue) and all they import, puts each saved change " +
    "live without an `up`, and shows what the functions log. What cannot be compiled is told with its place, and the code " +
    "before it runs on. Afterwards the name runs what was saved last, until the next `nami up`, which always deploys the " +
    "code anew.",
  examples: ["nami dev orders"],
  async run(args, io) {
    const ends = { ...io, signal: AbortSignal.any([io.signal, unread(io)]) };
    const { name, changed } = await develop(args, ends, viewOf(io, args.json));
    if (changed) note(io, `${name} runs the code as it was saved last. To deploy it: nami up ${name}`);
  },
};
