import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../../runtime/coded-error";
import { operatingError } from "./errors";
import { type AwsPlace, AwsRefusal, type AwsRequest, signedCall } from "./signed-call";

/** Where the logs of a name are. */
export interface LogPlace extends AwsPlace {
  /** The deployment, for errors. */
  name: string;
}

/** One event of a log group. */
export interface LogEvent {
  /** CloudWatch's own: the same event has the same id whenever it is read. */
  id: string;
  group: string;
  stream: string;
  /** Milliseconds since 1970. */
  time: number;
  message: string;
}

export interface LogQuery {
  group: string;
  /** Milliseconds since 1970, from then on. */
  since: number;
  until?: number;
  /** In CloudWatch's filter syntax, e.g. `"NOT_VERIFIED"`; our lines have the runtime's prefix before their JSON. */
  pattern?: string;
}

interface Page {
  events?: { eventId: string; logStreamName: string; timestamp: number; message: string }[];
  nextToken?: string;
}

/** AWS allows a few requests a second, of everybody in the account together. Milliseconds. */
const PAUSES = [500, 1_000, 2_000, 4_000];

/** Asks again while it is too much for AWS. */
async function ask(place: LogPlace, request: AwsRequest): Promise<string> {
  for (const pause of PAUSES) {
    try {
      return await signedCall(place, request);
    } catch (error) {
      if (!(error instanceof AwsRefusal) || error.code !== "ThrottlingException") throw error;
      await sleep(pause, undefined, { signal: place.io.signal });
    }
  }
  return signedCall(place, request);
}

async function page(place: LogPlace, query: LogQuery, nextToken: string | undefined): Promise<Page> {
  const { group, since, until, pattern } = query;
  const asked = {
    logGroupName: group,
    startTime: Math.max(0, since),
    endTime: until,
    filterPattern: pattern,
  };
  try {
    const text = await ask(place, {
      ...{ service: "logs", id: "CLOUDWATCH_LOGS", method: "POST", path: "/" },
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Logs_20140328.FilterLogEvents",
      },
      body: JSON.stringify({ ...asked, nextToken }),
    });
    return JSON.parse(text) as Page;
  } catch (error) {
    place.io.signal.throwIfAborted();
    const named = error instanceof AwsRefusal ? Object.assign(error, { name: error.code }) : error;
    throw operatingError(named, place);
  }
}

/**
 * The events of one log group, oldest first, page by page as they are asked for: a group may hold more than fits into
 * memory. Throws PARTS_MISSING when there is no such group, and what `operatingError` makes of the rest.
 */
export async function* readLogs(place: LogPlace, query: LogQuery): AsyncGenerator<LogEvent> {
  for (let token: string | undefined; ; ) {
    const { events = [], nextToken } = await page(place, query, token);
    for (const { eventId: id, logStreamName: stream, timestamp: time, message } of events)
      yield { id, group: query.group, stream, time, message };
    if (!nextToken || nextToken === token) return;
    token = nextToken;
  }
}

/** Several groups, each in order of time, as one in order of time. */
export async function* mergedLogs(sources: AsyncGenerator<LogEvent>[]): AsyncGenerator<LogEvent> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
  for (;;) {
    const waiting = heads.filter(({ next }) => !next.done);
    if (waiting.length === 0) return;
    const first = waiting.reduce((one, other) => (other.next.value.time < one.next.value.time ? other : one));
    yield first.next.value;
    first.next = await first.source.next();
  }
}

/** So many looks may fail after another: some minutes. */
const FAILURES_BORNE = 15;

/** Neither what is not there nor who may not: that stays so. */
function isPassing(error: unknown): boolean {
  return error instanceof CodedError && /^(ASKING_FAILED|AWS_UNREACHABLE|AWS_THROTTLED)$/.test(error.code);
}

/** Clocks differ by less. Milliseconds. */
const LOOKED_BACK = 3_600_000;

export interface Following {
  groups: readonly string[];
  since: number;
  /** Milliseconds between two looks. AWS allows a few a second, of everybody in the account together. */
  pause?: number;
  /** How late an event may come to light after its own time. Milliseconds. */
  late?: number;
}

/** What was told already, by group and id, with its time. */
type Seen = Map<string, number>;

/** One look at all groups: what was not told before. */
async function* look(
  place: LogPlace,
  { groups, since }: Pick<Following, "groups" | "since">,
  seen: Seen,
): AsyncGenerator<LogEvent> {
  for await (const event of mergedLogs(groups.map((group) => readLogs(place, { group, since })))) {
    const key = `${event.group} ${event.id}`;
    const known = seen.has(key);
    seen.set(key, event.time);
    if (!known) yield event;
  }
}

/**
 * As `readLogs` of several groups, and goes on with what is written from then on, until `place.io.signal` is aborted:
 * then it ends. What comes to light late is told late rather than not at all.
 */
export async function* followLogs(place: LogPlace, following: Following): AsyncGenerator<LogEvent> {
  const local = place.target === "local";
  const { groups, since, pause = local ? 250 : 2_000, late = local ? 2_000 : 30_000 } = following;
  const { signal } = place.io;
  const seen: Seen = new Map();
  let from = since;
  let failures = 0;
  try {
    for (;;) {
      try {
        yield* look(place, { groups, since: from }, seen);
        failures = 0;
      } catch (error) {
        // A line that is down for a while, a quota that others use up: what was missed is read at the next look.
        if (local || ++failures > FAILURES_BORNE || !isPassing(error)) throw error;
      }
      // Of a log in which nothing is written, no more than the last hour is looked at again.
      from = Math.max(from, ...[...seen.values()].map((time) => time - late), Date.now() - LOOKED_BACK);
      for (const [key, time] of seen) if (time < from) seen.delete(key);
      await sleep(pause * (failures + 1), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
