import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ISOLATED, type ProcessSettings, type Run, type Said } from "./messages";

/** Takes the lines that the process writes to its standard output and error. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

export type Result = Extract<Said, { run: number }>;

interface UnderWay {
  attempts: number;
  resolve(result: Result): void;
  reject(error: Error): void;
  /** Its time is up and its caller has been told. */
  late: boolean;
}

/** Milliseconds. Output is read for so long after the end: a child of the process may hold its pipes open. */
const LINGER = 500;
/** What Node writes when its heap is full. */
const OUT_OF_MEMORY = /JavaScript heap out of memory/;

/** A process that runs the user's code on one event, or on several at the same time. */
export class Lane {
  readonly startedAt = performance.now();
  /** Resolves to false when the process ended before it was ready. */
  readonly ready: Promise<boolean>;
  isReady = false;
  alive = true;
  /** It was ended on purpose. */
  killed = false;
  private readonly child: ChildProcess;
  private readonly underWay = new Map<number, UnderWay>();
  private runs = 0;
  private outOfMemory = false;
  private settleReady!: (ready: boolean) => void;

  constructor(
    file: string,
    settings: ProcessSettings,
    output: Output,
    private readonly onEnd: (lane: Lane) => void,
  ) {
    this.ready = new Promise((resolve) => {
      this.settleReady = resolve;
    });
    this.child = fork(file, [ISOLATED, JSON.stringify(settings)], {
      // The same heap limit as the function itself: an event must not fail here for want of memory.
      execArgv: [...process.execArgv.filter((arg) => arg.startsWith("--max-")), "--enable-source-maps"],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const closed = once(this.child, "close");
    const disconnected = once(this.child, "disconnect");
    for (const event of [closed, disconnected]) event.catch(() => {});
    this.child.on("message", (said: Said) => this.hear(said));
    this.child.on("error", (error) => this.end(error.message));
    this.child.once("exit", (code, signal) => {
      this.alive = false;
      const finish = () => this.end(this.howItEnded(code, signal));
      setTimeout(finish, LINGER).unref();
      // After all output, which says that memory ran out, and after all results.
      void Promise.all([closed, disconnected]).then(finish);
    });
    this.tell(this.child.stdout, output.out);
    this.tell(this.child.stderr, output.err);
  }

  /** How many events are under way in it. */
  get load(): number {
    return this.underWay.size;
  }

  /**
   * How likely one of its events ends it: each failed try makes an event four times as suspect, so that suspects are
   * spread over the lanes before anything else.
   */
  get weight(): number {
    return [...this.underWay.values()].reduce((sum, { attempts }) => sum + 4 ** Math.min(attempts, 20), 0);
  }

  /** One of its events is late: it will be ended, and takes no other event. */
  get condemned(): boolean {
    return [...this.underWay.values()].some(({ late }) => late);
  }

  /**
   * Throws an Error that says how the process ended; `late()` after `limitMs`. A process with a late event is ended as
   * soon as its other events are done or late, too.
   */
  run(given: Omit<Run, "run">, { limitMs, late }: { limitMs: number; late: () => Error }): Promise<Result> {
    const run = this.runs++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const own = this.underWay.get(run);
        if (own) own.late = true;
        reject(late());
        this.endIfAllLate();
      }, limitMs);
      const settled = () => {
        clearTimeout(timer);
        this.underWay.delete(run);
        this.endIfAllLate();
      };
      this.underWay.set(run, {
        attempts: given.attempts,
        late: false,
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.child.send({ ...given, run });
    });
  }

  kill(): void {
    this.alive = false;
    this.killed = true;
    this.child.kill("SIGKILL");
  }

  /** Lets the parent process end while the lane is idle. */
  unref(): void {
    this.child.unref();
    this.child.channel?.unref();
    for (const output of [this.child.stdout, this.child.stderr]) (output as Socket | null)?.unref();
  }

  private hear(said: Said): void {
    if (said?.says === "ready") {
      this.isReady = true;
      this.settleReady(true);
    } else if (said?.says === "done" || said?.says === "failed") this.underWay.get(said.run)?.resolve(said);
  }

  private endIfAllLate(): void {
    if (this.load > 0 && [...this.underWay.values()].every(({ late }) => late)) this.kill();
  }

  /** May be called again. */
  private end(how: string): void {
    this.alive = false;
    this.settleReady(false);
    for (const { reject } of [...this.underWay.values()]) reject(new Error(how));
    this.onEnd(this);
  }

  private howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.outOfMemory) return "your code ran out of memory";
    if (signal) return `your code ended its process (${signal})`;
    return `your code ended its process (exit code ${code})`;
  }

  private tell(output: Readable | null, write: (line: string) => void): void {
    if (!output) return;
    createInterface({ input: output }).on("line", (line) => {
      if (OUT_OF_MEMORY.test(line)) this.outOfMemory = true;
      write(line);
    });
  }
}
