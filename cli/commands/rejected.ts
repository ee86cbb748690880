import type { Rejection } from "../../runtime/rejections";
import type { Args, Command } from "../command";
import { limitOf, sinceOf } from "../command-line/extent";
import { operated } from "../deployments/deployments";
import { readLine } from "../display/log-text";
import { plain, plainRows } from "../display/plain";
import { facts, table } from "../display/table";
import { absolute, moment } from "../display/time-text";
import { cliError } from "../errors";
import { type Io, json, line, note } from "../io";
import { logGroups, logPlace } from "../operate/function-logs";
import { readLogs } from "../operate/logs";

type Shown = Rejection & { at: string };

/** As runtime/rejections.ts writes it; CloudWatch finds text in quotes wherever it stands. */
const PATTERN = '"request refused"';

async function rejections(args: Args, io: Io, since: number): Promise<Shown[]> {
  const deployment = await operated(args, io);
  const [group] = [...logGroups(deployment, ["pre-queue"]).keys()];
  const found: Shown[] = [];
  for await (const event of readLogs(logPlace(deployment, io), { group: group!, since, pattern: PATTERN })) {
    const { fields, time } = readLine(event, () => "pre-queue");
    if (fields?.code === "NOT_VERIFIED") found.push({ at: time, ...(fields as unknown as Rejection) });
  }
  return found.reverse();
}

function list(found: Shown[], args: Args, io: Io): void {
  const limit = args.limit as number;
  const shown = found.slice(0, limit);
  if (args.json) {
    json(io, shown);
    return;
  }
  if (shown.length === 0) {
    note(io, `No request to ${args.name} was refused in that time.`);
    return;
  }
  const rows = shown.map(({ at, sourceIp, method, bytes, reason, id }) => [
    moment(at, io.now()),
    plain(sourceIp),
    `${method} ${bytes} B`,
    plain(reason),
    id,
  ]);
  line(io, table(io, ["WHEN", "FROM", "REQUEST", "WHY", "ID"], rows));
  const unlogged = found.reduce((sum, each) => sum + (each.unlogged ?? 0), 0);
  if (unlogged > 0) note(io, `${unlogged} more were refused in a rush, without a line of their own.`);
}

function one(found: Shown[], args: Args, io: Io): void {
  const rejection = found.find(({ id }) => id === args.id);
  if (!rejection) throw cliError("REJECTED_UNKNOWN", { name: args.name, id: String(args.id) });
  if (args.json) {
    json(io, rejection);
    return;
  }
  const { at, reason, method, path, query, headers, sourceIp, bytes, body } = rejection;
  const questions = new URLSearchParams(query as Record<string, string>).toString();
  const rows: [string, string][] = [
    ["refused", absolute(at)],
    ["why", reason],
    ["from", sourceIp],
    ["request", `${method} ${path}${questions && `?${questions}`}`],
    ...Object.entries(headers).map(([name, value]): [string, string] => [`  ${name}`, value]),
    ["body", `${bytes} B`],
  ];
  line(io, facts(io, plainRows(rows)));
  if (body) line(io, `\n${plain(body)}`);
}

export const command: Command = {
  name: "rejected",
  usage: "rejected <name> [id]",
  summary: 'Requests that were refused, and why: the answer to "why 401?"',
  describe:
    "Lists requests that did not pass verification, newest first, with the reason. With an id it prints what of the request " +
    "was logged: headers, and the first KB of the body; secrets are left out. In a rush, 60 a minute and sandbox are logged.",
  examples: [
    "nami rejected orders",
    "nami rejected orders --since 12h --json",
    "nami rejected orders JKJaXmPLvHcESHA=",
  ],
  flags: [
    {
      name: "since",
      type: "string",
      placeholder: "TIME",
      describe: "How far back (default 1d)",
      default: "1d",
    },
    { name: "limit", type: "number", placeholder: "N", describe: "How many (default 20)", default: 20 },
  ],
  run: async (args, io) => {
    const since = sinceOf(args, io, "rejected");
    limitOf(args, "rejected");
    const found = await rejections(args, io, since);
    if (args.id === undefined) list(found, args, io);
    else one(found, args, io);
  },
};
