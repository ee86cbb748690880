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
  /** How long it may wait for a process of its own before it has to share one: then there is just time left for `limitMs`. */
  slackMs: number;
}

/** No process could be started: the caller runs the code itself. */
export class NotIsolated extends Error {}

interface Waiting {
  message: Incoming;
  now: number;
  time: RunTime;
  since: number;
  /** Has waited long enough: a process that has something to do already will do. */
  shares: boolean;
  timers: NodeJS.Timeout[];
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** MB of the function itself, and of a process with the driver and a little of the user's. */
const OWN_MEMORY = 128;
const LANE_MEMORY = 64;
const MOST_LANES = 4;
/**
 * Milliseconds. A process is used for the batches of this time, for a start costs a tenth of a second, and then made
 * anew, for what the user's code leaves behind in it must not grow for ever.
 */
const LIFE = 30_000;
/** Processes that end before they can run anything, in a row, until none is started any more. */
const PATIENCE = 2;

/** How many processes a function has room for; 0 is none. `memory` in MB. */
export function lanesFor(memory: number): number {
  const room = Math.floor((memory - OWN_MEMORY) / LANE_MEMORY);
  return room < 2 ? 0 : Math.min(room, MOST_LANES);
}

/**
 * Runs the user's code in processes of their own: what ends such a process, or never ends, takes at most along what ran in
 * it at that moment, and never the function with its whole batch. Each event has a process to itself as long as there is
 * time for that; the last ones share what there is.
 */
export class Isolation {
  private readonly lanes = new Set<Lane>();
  private waiting: Waiting[] = [];
  private failedStarts = 0;

  constructor(private readonly options: IsolationOptions) {}

  /**
   * The user's code on one event. Throws HandlerFailure, with the process's end as its cause when it came to one;
   * NotIsolated when there is no process.
   * @param now milliseconds since the epoch
   */
  async run(message: Incoming, id: string, now: number, time: RunTime): Promise<Processed> {
    const result = await this.result(message, now, time).catch((error) => {
      throw error instanceof NotIsolated ? error : new HandlerFailure(id, withStack(error.message));
    });
    if (result.says === "failed") throw new HandlerFailure(id, withStack(result.reason, result.stack));
    return { kind: result.kind, document: exactly(result.document) as Processed["document"] };
  }

  /** Ends the processes: a batch that needs none has the memory of the function to itself. */
  end(): void {
    for (const lane of this.lanes) lane.kill();
  }

  private result(message: Incoming, now: number, time: RunTime): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const share = () => {
        waiting.shares = true;
        this.look();
      };
      const give = () => {
        this.take(waiting);
        reject(new Error("no process was ready for your code before the function's time was up"));
      };
      const timers = [setTimeout(share, time.slackMs), setTimeout(give, time.slackMs + time.limitMs)];
      const since = performance.now();
      const waiting: Waiting = { message, now, time, since, shares: false, timers, resolve, reject };
      this.waiting.push(waiting);
      this.look();
    });
  }

  /** It waits no longer. */
  private take(waiting: Waiting): void {
    for (const timer of waiting.timers) clearTimeout(timer);
    this.waiting = this.waiting.filter((other) => other !== waiting);
  }

  /** Starts what can be started. */
  private look(): void {
    this.endOld();
    for (const waiting of [...this.waiting]) {
      const lane = this.laneFor(waiting);
      if (lane) this.start(waiting, lane);
    }
    while (this.waiting.length > this.startingOrFree() && this.lanes.size < this.options.lanes) {
      if (!this.startLane()) return;
    }
  }

  private laneFor({ shares }: Waiting): Lane | undefined {
    const usable = [...this.lanes].filter((lane) => lane.alive && lane.isReady && !lane.condemned);
    const least = usable.sort((a, b) => a.load - b.load)[0];
    if (!least || least.load === 0 || !shares) return least?.load === 0 ? least : undefined;
    // Not all into the first process that has started: what ends that one would take all of them along.
    const all = usable.reduce((sum, { load }) => sum + load, this.waiting.length);
    return least.load < Math.ceil(all / this.lanes.size) ? least : undefined;
  }

  private startingOrFree(): number {
    return [...this.lanes].filter((lane) => !lane.isReady || lane.load === 0).length;
  }

  private start(waiting: Waiting, lane: Lane): void {
    this.take(waiting);
    const { limitMs, slackMs } = waiting.time;
    const left = limitMs + slackMs - (performance.now() - waiting.since);
    const limit = Math.max(1, Math.min(limitMs, left));
    const late = () => new Error(`the post-queue file did not end within ${Math.round(limit)} ms`);
    const { meta, raw, attempts } = waiting.message;
    lane
      .run({ meta, raw, attempts, now: waiting.now }, limit, late)
      .then(waiting.resolve, waiting.reject)
      .finally(() => this.look());
  }

  private startLane(): boolean {
    if (this.failedStarts >= PATIENCE) {
      for (const waiting of [...this.waiting]) {
        this.take(waiting);
        waiting.reject(new NotIsolated("no process for the user's code could be started"));
      }
      return false;
    }
    const { file, settings, output = consoleOutput } = this.options;
    const lane = new Lane(file, settings, output, (ended) => {
      this.lanes.delete(ended);
      this.look();
    });
    this.lanes.add(lane);
    lane.unref();
    lane.ready.then((ready) => {
      this.failedStarts = ready ? 0 : this.failedStarts + 1;
      this.look();
    });
    return true;
  }

  private endOld(): void {
    const now = performance.now();
    for (const lane of this.lanes)
      if (lane.isReady && lane.load === 0 && now - lane.startedAt > LIFE) {
        this.lanes.delete(lane);
        lane.kill();
      }
  }
}

const consoleOutput: Output = { out: (line) => console.log(line), err: (line) => console.error(line) };

/** An error of the user's code; without a stack where Nami itself says it, for it has no place in that code. */
function withStack(message: string, stack?: string): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

/** The document as it was serialized: each number keeps its BSON type on the way into the store. */
function exactly(bytes: Buffer): BSON.Document {
  return BSON.deserialize(bytes, {
    promoteValues: false,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  });
}
