import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../display/progress";
import type { Io } from "../io";
import { type Operated, Operator } from "../operate/operator";

/** What is left of a deployment's messages. */
export interface Left {
  /** Visible, in flight and delayed. */
  queued: number;
  deadLetters: number;
}

/** How far a drain came. */
export interface Drained extends Left {
  /** The most that was ever seen waiting. */
  waited: number;
  /** Of those, what has become dead letters meanwhile. */
  failed: number;
}

/** SQS counts approximately and late on AWS; the local queue counts exactly. */
const ZEROS = { local: 2, aws: 4 } as const;
/** A mapping that is just being turned off can be turned on when it is. Seconds. */
const SETTLING = 60;
const POLL = { local: 300, aws: 5_000 } as const;

/** Counts the messages of both queues. */
export async function countLeft(operator: Operator): Promise<Left> {
  const { queue, deadLetters } = await operator.queues();
  const all = ({ visible, inFlight, delayed }: typeof queue) => visible + inFlight + delayed;
  return { queued: all(queue), deadLetters: all(deadLetters) };
}

/** Nobody takes anything out of the queue: the worker was told so, or there is none. */
async function isPaused(operator: Operator): Promise<boolean> {
  return !operator.deployment.mappingId || /disabl/i.test((await operator.mapping()).state);
}

/**
 * Why nobody takes anything out of the queue; undefined when somebody does. The watchdog is asked first: it lets the
 * worker work as soon as MongoDB answers again.
 */
export async function whyPaused(operator: Operator, signal: AbortSignal): Promise<string | undefined> {
  if (!operator.deployment.mappingId) return "there is no worker any more";
  for (let looks = 0; await isPaused(operator); looks++) {
    const report = await operator.watch("round").catch((error: Error) => error);
    signal.throwIfAborted();
    if (report instanceof Error) return `the watchdog cannot be asked. ${report.message}`;
    const { health, pause, did } = report;
    if (!health.answers) return health.reason ?? "MongoDB does not answer";
    const byHand = did === "nothing" && pause.by === null;
    if (byHand) return "somebody has turned the worker's event source mapping off";
    if (looks >= SETTLING) return "the worker's event source mapping does not turn on again";
    await sleep(1000, undefined, { signal });
  }
  return undefined;
}

/** Waits until the worker has taken everything out of the queue, for at most `seconds`. Nothing may come in any more. */
export async function drain({
  io,
  deployment,
  progress,
  seconds,
}: {
  io: Io;
  deployment: Operated;
  progress: Progress;
  seconds: number;
}): Promise<Drained> {
  const target = deployment.target === "aws" ? "aws" : "local";
  const operator = new Operator(deployment);
  const deadline = io.now() + seconds * 1000;
  try {
    for (let zeros = 0, waited = 0, told = -1, before = -1; ; ) {
      const left = await countLeft(operator);
      if (before < 0) before = left.deadLetters;
      waited = Math.max(waited, left.queued);
      zeros = left.queued === 0 ? zeros + 1 : 0;
      const over = io.now() >= deadline || (left.queued > 0 && (await isPaused(operator)));
      if (zeros >= ZEROS[target] || over) return { ...left, waited, failed: left.deadLetters - before };
      if (left.queued !== told) progress.step(`${left.queued} events wait in the queue`);
      told = left.queued;
      await sleep(POLL[target], undefined, { signal: io.signal });
    }
  } finally {
    operator.close();
  }
}
