import { localError } from "./errors";

/** What the engine asks of a provider, as far as a rehearsal can let it fail. */
export const VERBS = ["create", "update", "delete", "read", "invoke", "configure"] as const;
export type Verb = (typeof VERBS)[number];

/** One thing that goes wrong. */
export interface Fault {
  verb: Verb;
  /** Logical name or type of a resource, or token of a lookup. Absent: any. */
  of?: string;
  /** How often; then all is well. Default 1. */
  times?: number;
  /** What the provider answers, e.g. what the AWS provider was seen to say. */
  error: string;
}

/** The end of the run, in the middle of it. */
export interface Stop {
  /** Which create of the run it is, from 1 on. */
  create: number;
  /** Before the host is asked, or after it has made the thing and before the engine hears of it. */
  when: "before" | "after";
  /** A signal for the process the provider runs in; "hold": it says so and does not go on. */
  how: "SIGKILL" | "SIGINT" | "hold";
}

/** A run on this machine with AWS's delays and failures. */
export interface Rehearsal {
  /** What is made or changed answers at once and works so many seconds later. */
  slowSeconds: number;
  /** Whether the host takes over, by URN, what an interrupted run made: AWS never does. */
  takeOver: boolean;
  faults: Fault[];
  stop?: Stop;
}

export const NO_REHEARSAL: Rehearsal = { slowSeconds: 0, takeOver: true, faults: [] };

function problem(value: Rehearsal): string | undefined {
  const { slowSeconds, takeOver, faults, stop, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown) return `it has no "${unknown}"`;
  if (!(slowSeconds >= 0)) return "slowSeconds is a number, 0 or more";
  if (typeof takeOver !== "boolean") return "takeOver is true or false";
  if (!Array.isArray(faults)) return "faults is a list";
  for (const { verb, error } of faults) {
    if (!VERBS.includes(verb)) return `a fault's verb is one of ${VERBS.join(", ")}`;
    if (typeof error !== "string") return "a fault has an error, the text of it";
  }
  if (!stop) return undefined;
  const known = ["before", "after"].includes(stop.when) && ["SIGKILL", "SIGINT", "hold"].includes(stop.how);
  return stop.create >= 1 && known
    ? undefined
    : "stop is {create: N, when: before|after, how: SIGKILL|SIGINT|hold}";
}

/**
 * The rehearsal that NAMI_REHEARSAL asks for: JSON with any of the fields of `Rehearsal`. Only tests set it; see
 * docs/rehearsal.md. Throws REHEARSAL_INVALID.
 */
export function rehearsalOf(env: NodeJS.ProcessEnv): Rehearsal {
  const text = env.NAMI_REHEARSAL;
  if (!text) return NO_REHEARSAL;
  let asked: Partial<Rehearsal>;
  try {
    asked = JSON.parse(text) as Partial<Rehearsal>;
  } catch (error) {
    throw localError("REHEARSAL_INVALID", { reason: (error as Error).message }, error);
  }
  const rehearsal = { ...NO_REHEARSAL, ...asked };
  const reason = problem(rehearsal);
  if (reason) throw localError("REHEARSAL_INVALID", { reason });
  return rehearsal;
}
