import type { Command } from "../command";
import { cliError } from "../errors";
import { colors, type Io, json, line } from "../io";
import type { TakenDown } from "../lifecycle/take-down";

function report(
  io: Io,
  { name, drained, discarded, data, forgotten, throttle, hostStopped }: TakenDown,
): void {
  const { green, yellow } = colors(io);
  line(
    io,
    `${green("✓")} ${name} is down${drained > 0 ? `; ${drained} waiting events were stored first` : ""}.`,
  );
  if (discarded > 0) line(io, yellow(`  Thrown away: ${discarded} of its events.`));
  if (data === "kept") {
    line(
      io,
      `  Its stored events and its options are kept: \`nami up ${name}\` has them again, \`nami down ${name} --purge\` deletes them.`,
    );
  }
  if (forgotten.length > 0 && data !== "deleted") {
    line(io, yellow(`  Not kept, and to be given again with the next up: ${forgotten.join(", ")}.`));
  }
  if (throttle) {
    const again = `\`nami gateway set --throttles ${throttle}\``;
    line(
      io,
      yellow(`  Its throttle went with its route. After the next up, beside those of other names: ${again}.`),
    );
  }
  if (data === "deleted") line(io, "  Its stored events are deleted.");
  if (hostStopped) line(io, "  It was the last one on this machine: the host is stopped.");
}

export const command: Command = {
  name: "down",
  aliases: ["destroy"],
  usage: "down <name>",
  summary: "Drain and remove the pipeline; its stored events are kept",
  describe:
    "Closes the way in, waits until the worker has stored what is in the queue, and removes the pipeline. Stored events, their " +
    "password and the shared gateway are kept. Refuses, and leaves everything as it was, while events remain that are not stored.",
  examples: ["nami down orders", "nami down orders --discard", "nami down orders --purge"],
  flags: [
    {
      name: "discard",
      type: "boolean",
      describe: "Throw away dead letters and what cannot be drained (asks)",
    },
    {
      name: "purge",
      type: "boolean",
      describe: "Delete the stored events, too (asks); also of a name that is down",
    },
    {
      name: "drain-timeout",
      type: "number",
      placeholder: "SECONDS",
      default: 120,
      describe: "How long to wait for the queue to empty (default 120)",
    },
  ],
  async run(args, io) {
    const seconds = args.drainTimeout as number;
    if (!(seconds >= 0)) {
      throw cliError("USAGE", {
        problem: "--drain-timeout is a number of seconds, 0 or more.",
        verb: "down",
      });
    }
    const { takeDown } = await import("../lifecycle/take-down");
    const done = await takeDown(args, io);
    if (args.json) json(io, done);
    else report(io, done);
  },
};
