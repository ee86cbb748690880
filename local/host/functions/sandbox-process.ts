import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { killGroup } from "../../mongo/process-record";
import type { FunctionSpec } from "../services";
import { nodeArguments, sandboxEnvironment } from "./environment";
import { exitReason } from "./exit-reason";
import { encodeFrame, frameReader, type SandboxFrame } from "./frames";
import { FunctionLog, type FunctionLogOptions } from "./function-log";
import { OutputLines } from "./output-lines";
import type { RunningSandboxes } from "./running";
import type { Reach } from "./sandbox-reach";
import type { Wall } from "./wall";

export interface SandboxHost extends FunctionLogOptions {
  awsUrl: string;
  /** The plain JavaScript file a sandbox runs. */
  sandboxFile: string;
  /** Where compiled code is kept between cold starts. */
  cacheDir: string;
  running: RunningSandboxes;
  /** Absent: there is none on this machine. */
  wall?: Wall;
}

/** How one invocation ended inside the sandbox. `payload` is JSON text. */
export type Outcome =
  | { kind: "done" | "error"; payload: string; rss: number }
  | { kind: "exit"; reason: string }
  | { kind: "timeout" };

/** Thrown by `ready` when the function's module did not load. `payload` is AWS's error object. */
export class InitError extends Error {
  constructor(readonly payload: string) {
    super("The function could not be initialised.");
  }
}

/** AWS waits 10 s for the init phase, then once more within the function's own timeout. */
const INIT_MS = 10_000;

/** How long output is still read after the process has ended. */
const LINGER_MS = 500;

/** One execution environment: a Node process that handles one request at a time. */
export class Sandbox {
  readonly log: FunctionLog;
  /** Resolves when it can take a request; rejects with InitError. */
  readonly ready: Promise<void>;
  initMs = 0;
  idleSince = 0;
  /** False as soon as its end is certain, even while the process still lingers. */
  alive = true;
  private gone = false;
  private readonly child: ChildProcess;
  private readonly startedAt = performance.now();
  private readonly logStream: string;
  private current?: { requestId: string; settle: (outcome: Outcome) => void };
  private settleReady!: { resolve: () => void; reject: (error: Error) => void };

  constructor(
    readonly spec: FunctionSpec,
    reach: Reach,
    private readonly host: SandboxHost,
    private readonly onExit: (sandbox: Sandbox) => void,
  ) {
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    this.logStream = `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
    this.log = new FunctionLog(spec, this.logStream, host);
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.child = this.start();
    this.tell(reach);
    const limit = setTimeout(() => this.initTimedOut(), INIT_MS + spec.timeout * 1000);
    const stop = () => clearTimeout(limit);
    this.ready.then(stop, stop);
  }

  /** Never throws: whatever happens to the process is an outcome. */
  invoke(requestId: string, payload: string, timeoutMs: number): Promise<Outcome> {
    if (!this.alive)
      return Promise.resolve({ kind: "exit", reason: "Runtime exited without providing a reason" });
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        settle({ kind: "timeout" });
        this.kill();
      }, timeoutMs);
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        this.current = undefined;
        resolve(outcome);
      };
      this.current = { requestId, settle };
      const deadline = Date.now() + timeoutMs;
      this.toChild.write(encodeFrame({ type: "invoke", requestId, arn: this.spec.arn, deadline }, payload));
    });
  }

  /** Where it may open connections from now on. */
  tell(reach: Reach): void {
    // There is no pipe where the process could not be started.
    const toChild = this.child.stdio[3] as Writable | null;
    if (this.alive) toChild?.write(encodeFrame({ type: "reach" }, JSON.stringify(reach)));
  }

  /** Ends an idle sandbox: its pipe closes and it leaves by itself; what hangs is killed. */
  stop(): void {
    if (!this.alive) return;
    this.alive = false;
    this.toChild.end();
    const timer = setTimeout(() => this.kill(), 500);
    timer.unref();
    this.child.once("exit", () => clearTimeout(timer));
  }

  /** With every process that the function has started: on AWS, too, they end with their environment. */
  kill(): void {
    this.alive = false;
    const { pid } = this.child;
    if (pid !== undefined) killGroup(pid);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  private get toChild(): Writable {
    return this.child.stdio[3] as Writable;
  }

  private start(): ChildProcess {
    const { spec, host } = this;
    const credentials = host.iam.credentialsFor(spec.roleName, "lambda.amazonaws.com");
    const [command, ...args] = this.command();
    const child = spawn(command!, args, {
      cwd: spec.codeDir,
      detached: true,
      env: sandboxEnvironment(spec, { credentials, awsUrl: host.awsUrl, logStream: this.logStream }),
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    });
    const { pid } = child;
    if (pid !== undefined) host.running.add(pid);
    child.once("exit", () => {
      if (pid === undefined) return;
      killGroup(pid);
      host.running.remove(pid);
    });
    child.on("error", () => this.exited("Runtime could not be started"));
    // "close" comes after all output has been read, so that no log line is lost and no reply overtaken by an exit.
    child.on("close", (code, signal) => this.exited(exitReason(code, signal, host.wall !== undefined)));
    child.on("exit", () => this.endPipesOf(child));
    child.stdio[3]?.on("error", () => {});
    this.readFrames(child.stdio[4] as Readable | null);
    for (const output of [child.stdout, child.stderr]) this.readOutput(output);
    return child;
  }

  /** Compiled code is kept apart by function: what one has put there, no other one runs. */
  private command(): string[] {
    const { spec, host } = this;
    const cache = join(host.cacheDir, spec.name);
    const command = [process.execPath, ...nodeArguments(spec), host.sandboxFile, cache];
    if (!host.wall) return command;
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    return host.wall.around(command, { read: [dirname(host.sandboxFile), spec.codeDir], write: [cache] });
  }

  /** A child that the function left behind may hold the pipes open for as long as it likes. */
  private endPipesOf(child: ChildProcess): void {
    const end = () => {
      for (const pipe of child.stdio) pipe?.destroy();
    };
    const timer = setTimeout(end, LINGER_MS);
    child.once("close", () => clearTimeout(timer));
  }

  /** User code can write to any file descriptor it finds: what is no frame is the end of this sandbox alone. */
  private readFrames(pipe: Readable | null): void {
    const read = frameReader((frame, payload) => this.onFrame(frame, payload));
    pipe?.on("data", (chunk: Buffer) => {
      try {
        read(chunk);
      } catch {
        pipe.destroy();
        this.kill();
      }
    });
  }

  private onFrame(frame: SandboxFrame, payload: string): void {
    if (frame.type === "log") this.log.write(payload);
    else if (frame.type === "ready") {
      this.initMs = performance.now() - this.startedAt;
      this.settleReady.resolve();
    } else if (frame.type === "initError") this.settleReady.reject(new InitError(payload));
    else if (frame.requestId === this.current?.requestId) {
      this.current.settle({ kind: frame.type, payload, rss: frame.rss });
    }
  }

  private readOutput(output: Readable | null): void {
    const lines = new OutputLines((line) => this.log.write(line));
    output?.on("data", (chunk: Buffer) => lines.push(chunk));
    for (const event of ["end", "close"]) output?.on(event, () => lines.end());
  }

  private initTimedOut(): void {
    const errorMessage = `${new Date().toISOString()} Init timed out after ${(INIT_MS / 1000).toFixed(2)} seconds`;
    this.settleReady.reject(new InitError(JSON.stringify({ errorType: "Sandbox.Timedout", errorMessage })));
    this.kill();
  }

  private exited(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    this.alive = false;
    const errorMessage = `Error: ${reason}`;
    this.settleReady.reject(new InitError(JSON.stringify({ errorType: "Runtime.ExitError", errorMessage })));
    this.current?.settle({ kind: "exit", reason });
    this.onExit(this);
  }
}
