import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ISOLATED, type ProcessSettings, type Run, type Said } from "./messages";

/** Lines that the user's code writes by itself. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

export type Result = Extract<Said, { run: number }>;

interface UnderWay {
  resolve(result: Result): void;
  reject(error: Error): void;
  /** Its time is up, and it was told so. */
  late: boolean;
}

/** Milliseconds in which what a process has said before its end is still read. */
const LINGER = 500;
/** What Node writes when its heap is full. */
const OUT_OF_MEMORY = /JavaScript heap out of memory/;

/** One process that runs the user's code, on as many events at the same time as it is given. */
export class Lane {
  readonly startedAt = performance.now();
  /** Resolves to whether it can run anything. */
  readonly ready: Promise<boolean>;
  isReady = false;
  alive = true;
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
      // The heap may grow as in the function itself: what was enough for an event once is enough again.
      execArgv: [...process.execArgv.filter((arg) => arg.startsWith("--max-")), "--enable-source-maps"],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child.on("message", (said: Said) => this.hear(said));
    this.child.on("error", (error) => this.end(error.message));
    this.child.once("exit", (code, signal) => {
      this.alive = false;
      const finish = () => this.end(this.howItEnded(code, signal));
      // What it has said before its end is read before it is cut off, mostly: a child of its own may hold the pipe open.
      if (this.child.connected) this.child.once("disconnect", finish);
      else finish();
      setTimeout(finish, LINGER).unref();
    });
    this.tell(this.child.stdout, output.out);
    this.tell(this.child.stderr, output.err);
  }

  /** How many events are under way in it. */
  get load(): number {
    return this.underWay.size;
  }

  /** It has an event whose time is up: it takes no other one. */
  get condemned(): boolean {
    return [...this.underWay.values()].some(({ late }) => late);
  }

  /**
   * Throws how the process ended, if it did; `late()` when it takes longer than `limitMs`. A process in which something
   * is late is ended when whatever else is in it has ended or is late, too.
   */
  run(given: Omit<Run, "run">, limitMs: number, late: () => Error): Promise<Result> {
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
    this.child.kill("SIGKILL");
  }

  /** Does not keep this process alive while nothing is under way. */
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
