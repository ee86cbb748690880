import type { Args, Command } from "../command";
import { limitOf, sinceOf } from "../command-line/extent";
import { operated } from "../deployments/deployments";
import { isPlatform, logText, readLine } from "../display/log-text";
import { type Io, line, note, unread } from "../io";
import { type FunctionName, functionNames, type Logged, logGroups, logPlace } from "../operate/function-logs";
import { followLogs, type LogEvent, mergedLogs, readLogs } from "../operate/logs";

interface Asked {
  functions: readonly FunctionName[];
  /** Milliseconds since 1970. */
  since: number;
  limit?: number;
  follow: boolean;
  /** Also what the platform writes of each invocation. */
  platform: boolean;
}

function askedOf(args: Args, io: Io): Asked {
  return {
    functions: args.function ? [args.function as FunctionName] : functionNames,
    since: sinceOf(args, io, "logs"),
    limit: limitOf(args, "logs"),
    follow: args.follow === true,
    platform: args.platform === true,
  };
}

async function* withoutPlatform(events: AsyncGenerator<LogEvent>): AsyncGenerator<LogEvent> {
  for await (const event of events) if (!isPlatform(event.message)) yield event;
}

/** The last `limit` of them, or all: logs are read from the oldest on. */
async function* newest(
  events: AsyncGenerator<LogEvent>,
  limit: number | undefined,
): AsyncGenerator<LogEvent> {
  if (limit === undefined) return yield* events;
  const kept: LogEvent[] = [];
  for await (const event of events) {
    kept.push(event);
    if (kept.length > limit) kept.shift();
  }
  yield* kept;
}

async function* eventsOf(deployment: Logged, asked: Asked, io: Io): AsyncGenerator<LogEvent> {
  const place = logPlace(deployment, io);
  const groups = [...logGroups(deployment, asked.functions).keys()];
  const { since, limit, follow } = asked;
  const wanted = asked.platform ? (events: AsyncGenerator<LogEvent>) => events : withoutPlatform;
  const until = io.now();
  const recorded = () =>
    newest(wanted(mergedLogs(groups.map((group) => readLogs(place, { group, since, until })))), limit);
  if (!follow) return yield* recorded();
  // Followed from the first of the newest on: what comes to light late is told, too, and nothing twice.
  const from = limit === undefined ? since : await beginning(recorded(), until);
  yield* wanted(followLogs(place, { groups, since: from }));
}

/** When they begin; `otherwise` when there are none. */
async function beginning(events: AsyncGenerator<LogEvent>, otherwise: number): Promise<number> {
  for await (const { time } of events) return time;
  return otherwise;
}

/** Whoever read our output has gone (`| head`): what is asked for then is for nobody, and ends without an error. */
async function* untilGone(events: AsyncGenerator<LogEvent>, gone: AbortSignal): AsyncGenerator<LogEvent> {
  try {
    for await (const event of events) {
      if (gone.aborted) return;
      yield event;
    }
  } catch (error) {
    if (!gone.aborted) throw error;
  }
}

async function print(deployment: Logged, asked: Asked, { json }: Args, io: Io): Promise<void> {
  const groups = logGroups(deployment, asked.functions);
  let count = 0;
  const gone = unread(io);
  const ends = { ...io, signal: AbortSignal.any([io.signal, gone]) };
  for await (const event of untilGone(eventsOf(deployment, asked, ends), gone)) {
    count++;
    const read = readLine(event, (group) => groups.get(group) ?? group);
    line(io, json ? JSON.stringify(read) : logText(io, read));
  }
  if (count === 0 && !gone.aborted && !json && !asked.follow)
    note(io, `Nothing of ${deployment.name} was logged in that time.`);
}

export const command: Command = {
  name: "logs",
  usage: "logs <name>",
  summary: "What the functions have logged; --follow goes on",
  describe:
    "Prints what the functions of a name have logged, oldest first, with time and function: lines of your own code's `log`, " +
    "errors with the stack of your code, warnings of Nami; with --platform also what the platform writes. With --follow it goes on until Ctrl+C. " +
    "`--json` prints one JSON object a line.",
  examples: [
    "nami logs orders",
    "nami logs orders --follow --function post-queue",
    "nami logs orders --since 12h --limit 50 --json",
  ],
  flags: [
    { name: "follow", alias: "f", type: "boolean", describe: "Go on with what is logged from now on" },
    {
      name: "function",
      type: "string",
      choices: functionNames,
      placeholder: functionNames.join("|"),
      describe: "Of one function alone",
    },
    {
      name: "platform",
      type: "boolean",
      describe: "Also what the platform writes: START, REPORT, metrics",
    },
    {
      name: "since",
      type: "string",
      placeholder: "TIME",
      describe: "How far back, e.g. 10m (default 1h)",
      default: "1h",
    },
    { name: "limit", type: "number", placeholder: "N", describe: "The newest N alone" },
  ],
  async run(args, io) {
    const asked = askedOf(args, io);
    await print(await operated(args, io), asked, args, io);
  },
};
