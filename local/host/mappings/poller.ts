import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Functions, Iam, MappingSpec, Queues } from "../services";
import { type Batch, BatchCollector, giveBack } from "./batch";
import { authorizeQueue } from "./checks";
import { deliver, problem } from "./deliver";

export interface PollerParts {
  queues: Queues;
  functions: Functions;
  iam: Iam;
  clock: Clock;
  /** Told of every problem, once until it changes. */
  log: (text: string) => void;
  /** How long a stop waits for the batches in flight, ms; default 10 s. */
  stopGraceMs?: number;
  /** The first pause after a problem, ms; each further one is twice as long. Default 500. */
  firstPauseMs?: number;
  /** The first pause after a throttled call, ms; each further one is twice as long. Default 100. */
  firstRetryMs?: number;
}

/** Batches at once without MaximumConcurrency. AWS begins with 5 and grows; a function here has 16 sandboxes. */
const DEFAULT_CONCURRENCY = 16;
/** A function may run for 15 minutes and its batch be hidden for 90; who stops a host waits for neither. */
const STOP_GRACE_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;
const NOTHING_YET = "No records processed";

/** Polls one queue for one function. A single receiver feeds all concurrent batches, so that idling costs nothing. */
export class Poller {
  result = NOTHING_YET;
  private readonly batches = new Map<Promise<void>, Batch>();
  private readonly collector: BatchCollector;
  private stopping?: AbortController;
  private loop: Promise<void> = Promise.resolve();
  private pauseMs = 0;
  private wake?: () => void;

  constructor(
    public spec: MappingSpec,
    private readonly parts: PollerParts,
  ) {
    this.collector = new BatchCollector(parts.queues, parts.clock);
    if (spec.enabled) this.start();
  }

  /** The new configuration holds from the next receive on; batches in flight end as they began. */
  async update(spec: MappingSpec): Promise<void> {
    this.spec = spec;
    const ended = this.stopReceiving();
    await ended;
    if (this.spec === spec && spec.enabled) this.start();
  }

  /** Resolves when the batches in flight have ended. Of those that take too long the receives are undone. */
  async stop(): Promise<void> {
    await this.stopReceiving();
    const grace = new AbortController();
    const { queues, stopGraceMs = STOP_GRACE_MS } = this.parts;
    const late = sleep(stopGraceMs, undefined, { signal: grace.signal }).catch(() => {});
    await Promise.race([Promise.all(this.batches.keys()), late]);
    grace.abort();
    // A function that ends later all the same has no receives any more that it could delete.
    for (const batch of this.batches.values()) await giveBack(queues, this.spec, batch.messages.splice(0));
  }

  private start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    this.pauseMs = 0;
    this.loop = this.run(this.stopping.signal);
  }

  private async stopReceiving(): Promise<void> {
    this.stopping?.abort();
    this.stopping = undefined;
    this.wake?.();
    await this.loop;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // At the limit nothing is received at all: what waits keeps its receive count.
        if (this.batches.size >= (this.spec.maximumConcurrency ?? DEFAULT_CONCURRENCY)) {
          await this.slot();
          continue;
        }
        await this.poll(signal);
        this.pauseMs = 0;
      } catch (error) {
        this.say(problem(error));
        await this.pause(signal);
      }
    }
    await this.collector.giveBack(this.spec);
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const { spec } = this;
    this.authorize();
    const batch = await this.collector.next(spec, signal);
    if (!batch) return;
    try {
      // The poll may have waited for long: what the role may do is asked again before anything is handed on.
      this.authorize();
    } catch (error) {
      await giveBack(this.parts.queues, spec, batch.messages);
      throw error;
    }
    const work = this.deliver(batch, spec).finally(() => {
      this.batches.delete(work);
      this.wake?.();
    });
    this.batches.set(work, batch);
  }

  private async deliver(batch: Batch, spec: MappingSpec): Promise<void> {
    const { queues, functions, clock, firstRetryMs } = this.parts;
    const authorizeDelete = () => this.authorize(["DeleteMessage"]);
    this.say(await deliver(batch, spec, { queues, functions, clock, firstRetryMs, authorizeDelete }));
  }

  /** Throws AwsError AccessDenied; ResourceNotFoundException from the role, when that is gone. */
  private authorize(actions?: string[]): void {
    const fn = this.parts.functions.get(this.spec.functionName);
    if (!fn) throw new Error(`Function not found: ${this.spec.functionName}`);
    authorizeQueue(this.parts.iam, this.spec, fn, actions);
    if (!actions && this.result.includes("AccessDenied")) this.say(NOTHING_YET);
  }

  /** Resolves when a batch has ended, or receiving is to stop. */
  private slot(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private say(result: string): void {
    if (result !== this.result && result.startsWith("PROBLEM")) {
      this.parts.log(`${this.spec.queueName} -> ${this.spec.functionName}: ${result}`);
    }
    this.result = result;
  }

  private pause(signal: AbortSignal): Promise<void> {
    this.pauseMs = Math.min(
      Math.max(this.parts.firstPauseMs ?? FIRST_PAUSE_MS, this.pauseMs * 2),
      LAST_PAUSE_MS,
    );
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, this.pauseMs);
      signal.addEventListener("abort", done);
    });
  }
}
