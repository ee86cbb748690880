import { BSON } from "mongodb";
import type { Incoming } from "../incoming";
import { HandlerFailure, type Processed } from "../post-queue-code";
import { Lane, type Output, type Result } from "./lane";
import type { ProcessSettings } from "./messages";

export interface IsolationOptions {
  /** The bundle, which starts as a process of its own. */
  file: string;
  settings: ProcessSettings;
  /** Processes at the same time. */
  lanes: number;
  output?: Output;
}

/** How long one event may take. Milliseconds. */
export interface RunTime {
  limitMs: number;
  /** After this wait an event shares a process with others: just enough time for `limitMs` is left. */
  slackMs: number;
}

/** No process could be started: the caller runs the code itself. */
export class NotIsolated extends Error {}

interface Waiting {
  message: Incoming;
  now: number;
  time: RunTime;
  since: number;
  /** It has waited for `slackMs`: it may share a process. */
  shares: boolean;
  timers: NodeJS.Timeout[];
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** MB: the function itself (26 of its own, 45 shared), and a process (29 of its own) with room for what the code needs. */
const OWN_MEMORY = 96;
const LANE_MEMORY = 48;
const MOST_LANES = 4;
/**
 * Milliseconds. A start costs a tenth of a second, so a process serves several batches. It is replaced after this time,
 * because user code may leak memory.
 */
const LIFETIME = 30_000;
/** After so many processes in a row that ended before they were ready, the caller runs the code itself. */
const FAILED_STARTS = 2;

/** How many processes fit into a function's memory (MB); 0: isolation is not possible. */
export function lanesFor(memory: number): number {
  const room = Math.floor((memory - OWN_MEMORY) / LANE_MEMORY);
  return room >= 2 ? Math.min(room, MOST_LANES) : 0;
}

/**
 * Runs user code in separate processes. An event that ends its process, or never ends, harms only the events that share
 * this process at that moment, and not the whole batch. Each event has a process to itself while there is time for that;
 * the last ones share.
 */
export class Isolation {
  private readonly lanes = new Set<Lane>();
  private waiting: Waiting[] = [];
  private failedStarts = 0;

  constructor(private readonly options: IsolationOptions) {}

  /**
   * Runs the user's code on one event. Throws HandlerFailure when the code throws, ends its process or is late;
   * NotIsolated when no process could be started.
   * @param now milliseconds since the epoch
   */
  async run(message: Incoming, id: string, now: number, time: RunTime): Promise<Processed> {
    const result = await this.result(message, now, time).catch((error) => {
      throw error instanceof NotIsolated ? error : new HandlerFailure(id, withStack(error.message));
    });
    if (result.says === "failed") throw new HandlerFailure(id, withStack(result.reason, result.stack));
    return { kind: result.kind, document: exactly(result.document) as Processed["document"] };
  }

  /** Ends all processes, to free their memory. */
  end(): void {
    for (const lane of this.lanes) lane.kill();
  }

  private result(message: Incoming, now: number, time: RunTime): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const share = () => {
        waiting.shares = true;
        this.schedule();
      };
      const giveUp = () => {
        this.dequeue(waiting);
        reject(new Error("no process was ready for your code before the function's time was up"));
      };
      const timers = [setTimeout(share, time.slackMs), setTimeout(giveUp, time.slackMs + time.limitMs)];
      const since = performance.now();
      const waiting: Waiting = { message, now, time, since, shares: false, timers, resolve, reject };
      this.waiting.push(waiting);
      this.schedule();
    });
  }

  private dequeue(waiting: Waiting): void {
    for (const timer of waiting.timers) clearTimeout(timer);
    this.waiting = this.waiting.filter((other) => other !== waiting);
  }

  /** Gives waiting events to processes, and starts processes while some are missing. */
  private schedule(): void {
    this.endOld();
    // Those that have failed most often are the likeliest to end their process.
    const byAttempts = [...this.waiting].sort((a, b) => b.message.attempts - a.message.attempts);
    for (const waiting of byAttempts) {
      const lane = this.laneFor(waiting);
      if (lane) this.start(waiting, lane);
    }
    while (this.waiting.length > this.startingOrFree() && this.lanes.size < this.options.lanes) {
      if (!this.startLane()) return;
    }
  }

  /** A process without an event; for an event that shares, the one with the fewest suspects, as soon as it is ready. */
  private laneFor({ shares }: Waiting): Lane | undefined {
    const usable = [...this.lanes].filter((lane) => lane.alive && !lane.condemned);
    const free = usable.find((lane) => lane.isReady && lane.load === 0);
    if (free || !shares) return free;
    const least = usable.sort((a, b) => a.weight - b.weight)[0];
    return least?.isReady ? least : undefined;
  }

  private startingOrFree(): number {
    return [...this.lanes].filter((lane) => !lane.isReady || lane.load === 0).length;
  }

  private start(waiting: Waiting, lane: Lane): void {
    this.dequeue(waiting);
    const { limitMs, slackMs } = waiting.time;
    const left = limitMs + slackMs - (performance.now() - waiting.since);
    const limit = Math.max(1, Math.min(limitMs, left));
    const late = () => new Error(`the post-queue file did not end within ${Math.round(limit)} ms`);
    const { meta, raw, attempts } = waiting.message;
    lane
      .run({ meta, raw, attempts, now: waiting.now }, { limitMs: limit, late })
      .then(waiting.resolve, waiting.reject)
      .finally(() => this.schedule());
  }

  private startLane(): boolean {
    if (this.failedStarts >= FAILED_STARTS) {
      // The next batch tries again.
      this.failedStarts = 0;
      for (const waiting of [...this.waiting]) {
        this.dequeue(waiting);
        waiting.reject(new NotIsolated("no process for the user's code could be started"));
      }
      return false;
    }
    const { file, settings, output = consoleOutput } = this.options;
    const lane = new Lane(file, settings, output, (ended) => {
      this.lanes.delete(ended);
      this.schedule();
    });
    this.lanes.add(lane);
    lane.unref();
    lane.ready.then((ready) => {
      if (ready) this.failedStarts = 0;
      else if (!lane.killed) this.failedStarts += 1;
      this.schedule();
    });
    return true;
  }

  private endOld(): void {
    const now = performance.now();
    for (const lane of this.lanes)
      if (lane.isReady && lane.load === 0 && now - lane.startedAt > LIFETIME) {
        this.lanes.delete(lane);
        lane.kill();
      }
  }
}

const consoleOutput: Output = { out: (line) => console.log(line), err: (line) => console.error(line) };

/** An error with the stack of the user's code; none when Nami reports it, because Nami's own stack would mislead. */
function withStack(message: string, stack?: string): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

/** Keeps the BSON type of each number, so that the stored document is the one that the process serialized. */
function exactly(bytes: Buffer): BSON.Document {
  return BSON.deserialize(bytes, {
    promoteValues: false,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  });
}
