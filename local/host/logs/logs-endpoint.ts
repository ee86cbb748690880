import { createHash } from "node:crypto";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { Iam, Identity } from "../services";
import { EventText } from "./event-text";
import { parsePattern } from "./filter-pattern";
import type { LogEvent } from "./log-file";
import type { LogStore } from "./logs";

export interface LogsCall {
  headers: Record<string, string | undefined>;
  body: Buffer;
  identity: Identity;
  region: string;
}

interface FilterRequest {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
}

const MAX_EVENTS = 10_000;

/** CloudWatch Logs for the AWS SDK: `Logs_20140328.FilterLogEvents`, JSON 1.1. */
export function createLogsEndpoint(options: { logs: LogStore; iam: Iam }) {
  return async (
    call: LogsCall,
  ): Promise<{ status: number; headers: Record<string, string>; body: string }> => {
    const action = call.headers["x-amz-target"]?.split(".")[1] ?? "";
    if (action !== "FilterLogEvents")
      throw new AwsError("UnknownOperationException", `Unknown operation ${action}.`);
    const request = parse(call.body);
    const group = request.logGroupName ?? request.logGroupIdentifier?.split(":").at(-1) ?? "";
    const arn = `arn:aws:logs:${call.region}:${LOCAL_ACCOUNT}:log-group:${group}`;
    options.iam.authorize(call.identity, "logs:FilterLogEvents", `${arn}:log-stream:`);
    if (!options.logs.has(group)) {
      throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    const body = JSON.stringify(page(options.logs.events(group, request.startTime ?? 0), request));
    return { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body };
  };
}

function parse(body: Buffer): FilterRequest {
  try {
    return JSON.parse(body.toString() || "{}") as FilterRequest;
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON.");
  }
}

function page(events: LogEvent[], request: FilterRequest) {
  const matches = events.filter(selector(request));
  const from = Number(request.nextToken ?? 0) || 0;
  const to = from + Math.min(request.limit ?? MAX_EVENTS, MAX_EVENTS);
  return {
    events: counted(matches)
      .slice(from, to)
      .map(({ event, count }) => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        ingestionTime: event.timestamp,
        message: event.message,
        eventId: eventId({ event, count }),
      })),
    searchedLogStreams: [],
    ...(to < matches.length ? { nextToken: String(to) } : {}),
  };
}

function selector(request: FilterRequest): (event: LogEvent) => boolean {
  const matches = parsePattern(request.filterPattern ?? "");
  return ({ timestamp, stream, message }) =>
    (request.endTime === undefined || timestamp <= request.endTime) &&
    (!request.logStreamNames?.length || request.logStreamNames.includes(stream)) &&
    (!request.logStreamNamePrefix || stream.startsWith(request.logStreamNamePrefix)) &&
    matches(new EventText(message));
}

interface Counted {
  event: LogEvent;
  /** How many before it are equal in all. */
  count: number;
}

function counted(events: LogEvent[]): Counted[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const text = textOf(event);
    const count = counts.get(text) ?? 0;
    counts.set(text, count + 1);
    return { event, count };
  });
}

const textOf = ({ timestamp, stream, message }: LogEvent) => `${timestamp}\0${stream}\0${message}`;

/** The same whenever the event is read, whatever was asked for beside it. */
function eventId({ event, count }: Counted): string {
  return createHash("sha256")
    .update(`${count}\0${textOf(event)}`)
    .digest("hex")
    .slice(0, 56);
}
