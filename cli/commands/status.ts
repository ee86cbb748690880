import type { Command } from "../command";
import { operated } from "../deployments/deployments";
import { type DevMark, readDevMark } from "../deployments/dev-mark";
import { needsSecret } from "../display/needs-secret";
import { facts } from "../display/table";
import { moment } from "../display/time-text";
import { colors, type Io, json, line } from "../io";
import { gatherStatus, type Status } from "../operate/status-facts";

const UNKNOWN = "not known";

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

function queueText({ queue }: Status): string {
  if (!queue) return UNKNOWN;
  const delayed = queue.delayed > 0 ? `, ${queue.delayed} delayed` : "";
  return `${queue.visible} waiting, ${queue.inFlight} in flight${delayed}`;
}

function storedText({ events }: Status): string {
  if (!events) return UNKNOWN;
  const { stored, duplicates, conflicts, setAside, waitingParts } = events;
  const aside = setAside > 0 ? `, ${setAside} set aside by your code` : "";
  // An older operator function does not count them.
  const waiting =
    waitingParts > 0 ? `, ${counted(waitingParts, "part")} of large events without the others` : "";
  return `${counted(stored, "event")}, ${counted(duplicates, "duplicate")}, ${counted(conflicts, "conflict")}${aside}${waiting}`;
}

function lastText({ lastEvent }: Status, now: number): string {
  if (lastEvent === undefined) return UNKNOWN;
  return lastEvent ? `${moment(lastEvent.receivedAt, now)}, ${lastEvent.id}` : "none yet";
}

function mongoText({ mongo }: Status): string {
  const { engine, state, port, error } = mongo;
  const server = [engine, port && `127.0.0.1:${port}`, state !== "running" && state, error]
    .filter(Boolean)
    .join(", ");
  const unseen = mongo.own ? "Nami's" : "of your own";
  return `${server || unseen}${mongo.answers ? "" : ", does not answer"}`;
}

function functionsText({ functions }: Status): string {
  return Object.values(functions)
    .map(({ name, sandboxes, busy }) =>
      sandboxes === undefined ? name : `${name} (${sandboxes} warm, ${busy} busy)`,
    )
    .join("\n           ");
}

function workerText({ worker: { problem, paused, state = UNKNOWN } }: Status, io: Io): string {
  const { red } = colors(io);
  if (problem) return red(problem);
  if (!paused) return state;
  const when = paused.since && ` ${moment(paused.since, io.now())}`;
  return red(`paused by the watchdog${when}: ${paused.reason}`);
}

/** How long nothing may be measured of what is measured every minute. Milliseconds. */
const SILENCE = 600_000;

/** What each says is more use than its name: it says what to do. */
function alarmsText({ alarms, options }: Status, io: Io): string {
  if (!alarms) return UNKNOWN;
  const silent = (since: string) => io.now() - Date.parse(since) > SILENCE;
  const lines = alarms.flatMap(({ state, description, since }) => {
    const when = moment(since, io.now());
    if (state === "ALARM") return [`${when}: ${description}`];
    const unheard = state === "INSUFFICIENT_DATA" && silent(since);
    return unheard ? [`${when}: nothing is measured any more for: ${description}`] : [];
  });
  if (lines.length > 0) return lines.map(colors(io).red).join("\n           ");
  if (alarms.length === 0) return "off";
  const told = options["--alarm-email"];
  return `none of ${alarms.length} has gone off${told ? `; ${told} is told` : ""}`;
}

function logsText({ functions }: Status): string {
  const { preQueue, postQueue, operator, watchdog } = functions;
  return [preQueue, postQueue, operator, watchdog].map(({ log }) => log).join("\n           ");
}

function verifiedBy(status: Status, io: Io): string {
  const { verify, secrets } = status;
  const lacking = needsSecret(status);
  if (lacking) return colors(io).yellow(`${verify}: ${lacking}`);
  if (secrets === 0) return verify;
  return `${verify}, with ${counted(secrets, "secret")}`;
}

function optionsText({ options }: Status): [string, string][] {
  const given = Object.entries(options).map(([flag, value]) => `${flag} ${value}`);
  return given.length > 0 ? [["options", given.join(", ")]] : [];
}

/** The code is not the one that was deployed. */
function codeText(name: string, dev: DevMark | undefined, io: Io): [string, string][] {
  if (!dev) return [];
  const text = `as \`nami dev\` of ${dev.by} put it there, begun ${moment(dev.since, io.now())}: nami up ${name}`;
  return [["code", colors(io).yellow(text)]];
}

/** Shown only for a name with user code: Nami's own functions read nothing that is not theirs. */
function wallText({ wall, options }: Status, io: Io): [string, string][] {
  if (!wall || !(options["--pre-queue"] || options["--post-queue"])) return [];
  if ("name" in wall) return [["wall", `your code cannot read Nami's own files (${wall.name})`]];
  return [
    ["wall", colors(io).yellow(`your code can read Nami's own files: ${wall.missing} (docs/security.md)`)],
  ];
}

function print(status: Status, dev: DevMark | undefined, io: Io): void {
  const { yellow, red, bold } = colors(io);
  const dead = status.deadLetters ?? 0;
  line(
    io,
    facts(io, [
      ["url", bold(status.url)],
      [
        "verified",
        status.verified ? verifiedBy(status, io) : yellow("no: anyone who knows the URL can post"),
      ],
      ["queue", queueText(status)],
      [
        "dead",
        status.deadLetters === undefined
          ? UNKNOWN
          : dead > 0
            ? red(counted(dead, "dead letter"))
            : "no dead letters",
      ],
      ["stored", storedText(status)],
      ["last", lastText(status, io.now())],
      ["mongo", mongoText(status)],
      ["worker", workerText(status, io)],
      ["alarms", alarmsText(status, io)],
      ["target", `${status.target}, ${status.region}`],
      ...codeText(status.name, dev, io),
      ["functions", functionsText(status)],
      ...wallText(status, io),
      ["logs", logsText(status)],
      ...optionsText(status),
    ]),
  );
  for (const problem of status.problems) line(io, red(`! ${problem}`));
}

export const command: Command = {
  name: "status",
  usage: "status <name>",
  summary: "URL, queue, dead letters, last event, Mongo",
  describe:
    "Says how a pipeline is: its URL and whether signatures are checked, what waits in the queue, dead letters, what is " +
    "stored and when the last event came in, its Mongo, worker and functions. What does not answer is named.",
  examples: ["nami status orders", "nami status orders --json"],
  run: async (args, io) => {
    const deployment = await operated(args, io);
    const [status, dev] = await Promise.all([
      gatherStatus(deployment, io),
      readDevMark(deployment.backend, args.name),
    ]);
    if (args.json) json(io, { ...status, ...(dev && { dev: { since: dev.since, by: dev.by } }) });
    else print(status, dev, io);
  },
};
