import type { Args, Command } from "../command";
import { limitOf } from "../command-line/extent";
import { operated } from "../deployments/deployments";
import { eventTable, printEvent, type StoredEvent } from "../display/event-text";
import { cliError } from "../errors";
import { type Io, json, line, note, unread } from "../io";
import { Operator } from "../operate/operator";
import { eventPages, wholeEvent } from "../operate/stored-events";

async function list(operator: Operator, args: Args, io: Io): Promise<void> {
  const limit = args.all ? Number.POSITIVE_INFINITY : (args.limit as number);
  const kept: StoredEvent[] = [];
  let count = 0;
  const gone = unread(io);
  for await (const events of eventPages(operator, limit)) {
    count += events.length;
    if (args.all && args.json) await printEach(operator, events, io, gone);
    else if (args.all) line(io, eventTable(io, events));
    else if (args.json) for (const event of events) kept.push(await complete(operator, event));
    else kept.push(...events);
    io.signal.throwIfAborted();
    if (gone.aborted) return;
  }
  if (args.json && !args.all) json(io, kept);
  else if (count === 0 && !args.json) note(io, `No events of ${args.name} are stored yet.`);
  else if (!args.all) line(io, eventTable(io, kept));
}

/** What is printed as JSON is everything, whatever its size. */
async function complete(operator: Operator, event: StoredEvent): Promise<StoredEvent> {
  return event.abridged ? ((await wholeEvent(operator, event._id)) ?? event) : event;
}

/** One by one: a page of large events is more than fits into memory. */
async function printEach(
  operator: Operator,
  events: StoredEvent[],
  io: Io,
  gone: AbortSignal,
): Promise<void> {
  for (const event of events) {
    const text = `${JSON.stringify(await complete(operator, event))}\n`;
    if (!io.out.write(text) && event.abridged) await drained(io);
    io.signal.throwIfAborted();
    if (gone.aborted) return;
  }
}

/** Until whoever reads has caught up, or has gone. */
function drained({ out, signal }: Io): Promise<void> {
  const stream = out as Partial<NodeJS.WritableStream>;
  if (!stream.once) return Promise.resolve();
  return new Promise((resolve) => {
    for (const event of ["drain", "error", "close"]) stream.once!(event, () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** By the whole `_id`, or by the delivery id alone. */
async function one(operator: Operator, args: Args, io: Io): Promise<void> {
  const id = String(args.id);
  const event = await wholeEvent(operator, id);
  if (!event) throw cliError("EVENT_UNKNOWN", { name: args.name, id });
  if (args.json) json(io, event);
  else printEvent(io, event);
}

export const command: Command = {
  name: "events",
  usage: "events <name> [id]",
  summary: "What came in, newest first; one event by its id",
  describe:
    "Lists stored events, newest first. With an id it prints everything of that event: request, headers, body. " +
    "`--all --json` prints every event as one JSON document a line (Extended JSON: the raw bytes are in base64).",
  examples: [
    "nami events orders",
    "nami events orders evt_1Pq --json",
    "nami events orders --all --json > orders.jsonl",
  ],
  flags: [
    { name: "limit", type: "number", describe: "How many", default: 20, placeholder: "N" },
    { name: "all", type: "boolean", describe: "Every event" },
  ],
  run: async (args, io) => {
    limitOf(args, "events");
    const operator = new Operator(await operated(args, io));
    try {
      await (args.id === undefined ? list(operator, args, io) : one(operator, args, io));
    } finally {
      operator.close();
    }
  },
};
