import { findHost } from "../../local/host/client";
import type { HostStatus, MongoStatus } from "../../local/protocol";
import { CodedError } from "../../runtime/coded-error";
import type { Io } from "../io";
import { senderUrl } from "../lifecycle/sender-url";
import { type Operated, Operator, type QueueCounts, type Stats } from "./operator";

/** What `nami status --json` prints. A part that could not be asked is absent; `problems` says why. */
export interface Status {
  name: string;
  target: string;
  region: string;
  url: string;
  /** Whether signatures are checked. */
  verified: boolean;
  queue?: QueueCounts & { name: string };
  /** Messages in the dead-letter queue. */
  deadLetters?: number;
  deadLetterQueue: string;
  events?: { stored: number; duplicates: number; conflicts: number; setAside: number };
  lastEvent?: { id: string; receivedAt: string; ageSeconds: number } | null;
  worker: { mapping: string; state?: string; problem?: string };
  /** `own`: Nami runs it; else it is the one of --mongo-uri. */
  mongo: Partial<MongoStatus> & { answers: boolean; own: boolean };
  functions: Record<
    "preQueue" | "postQueue" | "operator",
    { name: string; sandboxes?: number; busy?: number }
  >;
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
  const of = (key: string) => {
    const name = String(outputs[key]);
    return { name, ...host?.functions[name] };
  };
  return {
    preQueue: of("preQueueFunction"),
    postQueue: of("postQueueFunction"),
    operator: of("operatorFunction"),
  };
}

function eventsOf(stats: Stats | undefined, now: number): Pick<Status, "events" | "lastEvent"> {
  if (!stats) return {};
  const { events: stored, duplicates, conflicts, deadLetters: setAside, lastEvent } = stats;
  const ageSeconds = lastEvent ? Math.max(0, Math.floor((now - Date.parse(lastEvent.receivedAt)) / 1000)) : 0;
  return {
    events: { stored, duplicates, conflicts, setAside },
    lastEvent: lastEvent && { ...lastEvent, ageSeconds },
  };
}

/** "PROBLEM: …", as AWS words it; anything else is well. */
function workerOf(
  outputs: Outputs,
  mapping: { state: string; lastResult: string } | undefined,
): Status["worker"] {
  const problem = mapping?.lastResult.startsWith("PROBLEM") ? mapping.lastResult : undefined;
  return { mapping: String(outputs.mappingId), state: mapping?.state, ...(problem && { problem }) };
}

/** Asks everything at once; never fails for one part that does not answer. */
export async function gatherStatus(deployment: Operated & { outputs: Outputs }, io: Io): Promise<Status> {
  const { outputs, home, name, target, region } = deployment;
  const host = target === "local" ? await findHost(home) : undefined;
  const questions = new Questions();
  const operator = new Operator(deployment);
  try {
    const [counts, mapping, stats] = await Promise.all([
      questions.ask("queue", () => operator.queues()),
      questions.ask("worker", () => operator.mapping()),
      questions.ask("store", () => operator.invoke<Stats>({ action: "stats" })),
    ]);
    const database = host?.mongo[String(outputs.instanceId)];
    return {
      name,
      target,
      region,
      url: senderUrl(home, target, String(outputs.url)),
      verified: outputs.verified === true,
      queue: counts && { name: String(outputs.queueName), ...counts.queue },
      deadLetters:
        counts && counts.deadLetters.visible + counts.deadLetters.inFlight + counts.deadLetters.delayed,
      deadLetterQueue: String(outputs.deadLetterQueueName),
      ...eventsOf(stats, io.now()),
      worker: workerOf(outputs, mapping),
      mongo: { ...database, answers: stats !== undefined, own: typeof outputs.instanceId === "string" },
      functions: functionsOf(outputs, host),
      problems: questions.problems,
    };
  } finally {
    operator.close();
  }
}
