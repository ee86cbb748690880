import { durationText } from "../../infra/option-values";
import { options } from "../../infra/options";
import { findHost } from "../../local/host/client";
import type { HostStatus, MongoStatus } from "../../local/protocol";
import { CodedError } from "../../runtime/coded-error";
import type { Report } from "../../runtime/watchdog-round";
import type { Io } from "../io";
import { senderUrl } from "../lifecycle/sender-url";
import { type AlarmState, alarmsOf } from "./alarms";
import { FUNCTIONS, type FunctionName } from "./function-logs";
import { type MappingState, type Operated, Operator, type QueueCounts, type Stats } from "./operator";

/** What `nami status --json` prints. A part that could not be asked is absent; `problems` says why. */
export interface Status {
  name: string;
  target: string;
  region: string;
  url: string;
  /** Whether signatures are checked. */
  verified: boolean;
  /** The preset. */
  verify: string;
  /** How many secrets count. */
  secrets: number;
  queue?: QueueCounts & { name: string };
  /** Messages in the dead-letter queue. */
  deadLetters?: number;
  deadLetterQueue: string;
  events?: { stored: number; duplicates: number; conflicts: number; setAside: number; waitingParts: number };
  lastEvent?: { id: string; receivedAt: string; ageSeconds: number } | null;
  /** `paused`: the watchdog has stopped it, and why. */
  worker: { mapping: string; state?: string; problem?: string; paused?: { reason: string; since: string } };
  /** Every alarm of the name; [] when it has none. */
  alarms?: AlarmState[];
  /** `own`: Nami runs it; else it is the one of --mongo-uri. */
  mongo: Partial<MongoStatus> & { answers: boolean; own: boolean };
  /** `log`: a command that shows its log. */
  functions: Record<
    "preQueue" | "postQueue" | "operator" | "watchdog",
    { name: string; log: string; sandboxes?: number; busy?: number }
  >;
  /** On the local target: the wall that hides NAMI_HOME from user code, or why there is none. */
  wall?: HostStatus["wall"];
  /** What it was deployed with where that is not the default, by flag; secrets left out. */
  options: Record<string, string>;
  problems: string[];
}

type Outputs = Record<string, unknown>;

/** Collects what was answered; what was not becomes a line, one for all parts that fail alike. */
class Questions {
  private readonly failed = new Map<string, string[]>();

  async ask<T>(about: string, question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      const { message } = error as Error;
      const advised = error instanceof CodedError && error.code !== "OPERATOR_FAILED";
      const text = advised ? `${message} (${error.hint})` : message;
      this.failed.set(text, [...(this.failed.get(text) ?? []), about]);
      return undefined;
    }
  }

  get problems(): string[] {
    return [...this.failed].map(([text, abouts]) => `${abouts.join(", ")}: ${text}`);
  }
}

function functionsOf(outputs: Outputs, host: HostStatus | undefined): Status["functions"] {
  const of = (kind: FunctionName) => {
    const name = String(outputs[`${FUNCTIONS[kind]}Function`]);
    const log = `nami logs ${outputs.name} --function ${kind}`;
    return { name, log, ...host?.functions[name] };
  };
  return {
    preQueue: of("pre-queue"),
    postQueue: of("post-queue"),
    operator: of("operator"),
    watchdog: of("watchdog"),
  };
}

/** Durations as they are written. The place has a line of its own. */
function optionsOf({ options: made }: Outputs): Record<string, string> {
  const values = (made ?? {}) as Record<string, unknown>;
  const given = options.flatMap((option): [string, string][] => {
    const value = values[option.name];
    if (value === undefined || option.scope === "place") return [];
    const text = option.kind === "duration" ? durationText(Number(value)) : String(value);
    return text === String(option.default) ? [] : [[`--${option.flag}`, text]];
  });
  return Object.fromEntries(given);
}

function eventsOf(stats: Stats | undefined, now: number): Pick<Status, "events" | "lastEvent"> {
  if (!stats) return {};
  const { events: stored, duplicates, conflicts, deadLetters: setAside, waitingParts, lastEvent } = stats;
  const ageSeconds = lastEvent ? Math.max(0, Math.floor((now - Date.parse(lastEvent.receivedAt)) / 1000)) : 0;
  return {
    events: { stored, duplicates, conflicts, setAside, waitingParts },
    lastEvent: lastEvent && { ...lastEvent, ageSeconds },
  };
}

/** "PROBLEM: …", as AWS words it; anything else is well. */
function workerOf(
  outputs: Outputs,
  mapping: MappingState | undefined,
  watchdog: Report | undefined,
): Status["worker"] {
  const problem = mapping?.lastResult.startsWith("PROBLEM") ? mapping.lastResult : undefined;
  const { by, reason = "", since = "" } = watchdog?.pause ?? {};
  return {
    mapping: String(outputs.mappingId),
    state: mapping?.state,
    ...(problem && { problem }),
    ...(by === "watchdog" && { paused: { reason, since } }),
  };
}

function alarmNames({ alarms }: Outputs): string[] {
  return Array.isArray(alarms) ? alarms.map(String) : [];
}

/** A MongoDB that does not answer is not asked again: it would only take its time once more. */
async function askStore(
  operator: Operator,
  questions: Questions,
): Promise<{ watchdog?: Report; stats?: Stats }> {
  const watchdog = await questions.ask("watchdog", () => operator.watch("look"));
  const stats = await questions.ask("store", () => {
    const { answers = true, reason } = watchdog?.health ?? {};
    if (!answers) throw new Error(reason);
    return operator.invoke<Stats>({ action: "stats" });
  });
  return { watchdog, stats };
}

/** Asks everything at once; never fails for one part that does not answer. */
export async function gatherStatus(deployment: Operated & { outputs: Outputs }, io: Io): Promise<Status> {
  const { outputs, home, name, target, region } = deployment;
  const host = target === "local" ? await findHost(home) : undefined;
  const questions = new Questions();
  const operator = new Operator(deployment);
  try {
    const [counts, mapping, { watchdog, stats }, alarms] = await Promise.all([
      questions.ask("queue", () => operator.queues()),
      questions.ask("worker", () => operator.mapping()),
      askStore(operator, questions),
      questions.ask("alarms", () => alarmsOf(deployment, alarmNames(outputs))),
    ]);
    const database = host?.mongo[String(outputs.instanceId)];
    return {
      name,
      target,
      region,
      url: senderUrl(home, target, String(outputs.url)),
      verified: outputs.verified === true,
      verify: String(outputs.verify ?? "none"),
      secrets: ((outputs.secrets ?? []) as unknown[]).length,
      queue: counts && { name: String(outputs.queueName), ...counts.queue },
      deadLetters:
        counts && counts.deadLetters.visible + counts.deadLetters.inFlight + counts.deadLetters.delayed,
      deadLetterQueue: String(outputs.deadLetterQueueName),
      ...eventsOf(stats, io.now()),
      worker: workerOf(outputs, mapping, watchdog),
      alarms,
      mongo: { ...database, answers: stats !== undefined, own: typeof outputs.instanceId === "string" },
      functions: functionsOf(outputs, host),
      ...(host?.wall && { wall: host.wall }),
      options: optionsOf(outputs),
      problems: questions.problems,
    };
  } finally {
    operator.close();
  }
}
