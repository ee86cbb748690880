import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { localError } from "../errors";
import type { MongoStatus } from "../protocol";
import { makeDataDir, readMark, setUnfinishedAside, writeMark } from "./data-folder";
import type { DataFormat, MongoEngine, MongoPlace } from "./engine";
import { createFirstUser, type FirstUser } from "./first-user";
import { freePort, isFree } from "./free-port";
import { commandLineOf, endProcess, endRecorded, recordedProcess, spawnRecorded } from "./process-record";
import { answers, nudge, readProblem } from "./wire";

export interface MongoServerOptions {
  /** The engine to use; `format` when the data folder has one already. */
  engine(format?: DataFormat): Promise<MongoEngine>;
  dataDir: string;
  port: number;
  /** Asked for only when the data folder has no user yet. */
  firstUser(): FirstUser;
  pidFile: string;
  logFile: string;
  /** Milliseconds between two checks that it can read its data. */
  lookMs?: number;
}

/** Waits between restarts, as Docker's: 0.1 s, doubled to a minute, from the start again after 10 s of running. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 60_000;
const HEALTHY_AFTER_MS = 10_000;
/** Time to open the data, after a crash with a replay of the journal. */
const READY_WITHIN_MS = 120_000;
const LOOK_MS = 10_000;
const BROKEN = "Mongo answered but could not read its data, and is started again";
/** For a process of an engine that is not known yet. */
const STOP_GRACE_MS = 15_000;

/** One Mongo process on one data folder, kept running until `stop`; it outlives a killed host and is adopted by the next. */
export class MongoServer {
  private stopping = false;
  private looping: Promise<void> | undefined;
  private wake: () => void = () => {};
  private current: MongoStatus;
  private stopGraceMs = STOP_GRACE_MS;
  /** The last process that was started here. */
  private launched: number | undefined;
  /** Exit code of the last process that ended and was started here. */
  exitCode: number | undefined;
  /** How often it was started again by itself since `start`. */
  restarts = 0;

  constructor(private readonly options: MongoServerOptions) {
    this.current = { state: "starting", port: options.port };
  }

  status(): MongoStatus {
    return { ...this.current };
  }

  start(): void {
    this.stopping = false;
    if (this.looping) return;
    this.restarts = 0;
    this.looping = this.keepRunning();
  }

  /** Resolves when the process is gone and the data folder closed. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.endOld();
    await this.looping;
    // What was launched in the same moment and had not written its pid file yet.
    if (this.launched) await this.end(this.launched, this.options.port);
    this.looping = undefined;
    this.current = { state: "stopped", engine: this.current.engine, port: this.options.port };
  }

  private async keepRunning(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!this.stopping) {
      const startedAt = Date.now();
      try {
        await this.runOnce();
      } catch (error) {
        if (this.stopping) return;
        this.current = { ...this.current, state: "failed", pid: undefined, error: (error as Error).message };
      }
      if (this.stopping) return;
      wait = Date.now() - startedAt > HEALTHY_AFTER_MS ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      await this.pause(wait);
      this.restarts += 1;
    }
  }

  /** Resolves when a server that was up has ended; throws when it never came up. */
  private async runOnce(): Promise<void> {
    const { dataDir, port } = this.options;
    const mark = readMark(dataDir);
    const engine = await this.options.engine(mark?.format);
    this.current = { ...this.current, engine: engine.name };
    this.stopGraceMs = engine.stopGraceMs;
    const place: MongoPlace = { port, dataDir, auth: true };
    const pid = this.adopt(engine, place) ?? (await this.launchFresh(engine, place, mark === undefined));
    await this.untilReady(pid, port);
    if (this.stopping) return;
    this.current = { state: "running", engine: engine.name, port, pid };
    const fault = await this.untilGoneOrBroken(pid);
    if (this.stopping) return;
    const error = fault ? `${BROKEN} (${fault})` : "Mongo ended and is started again";
    this.current = { ...this.current, state: "starting", pid: undefined, error };
    if (fault) await this.end(pid, port);
  }

  /** A process that an earlier host started with exactly these arguments serves on. */
  private adopt(engine: MongoEngine, place: MongoPlace): number | undefined {
    const old = recordedProcess(this.options.pidFile);
    const wanted = [engine.command, ...engine.args(place)].join(" ");
    return old?.commandLine === wanted ? old.pid : undefined;
  }

  private async launchFresh(engine: MongoEngine, place: MongoPlace, needsUser: boolean): Promise<number> {
    await this.endOld();
    if (needsUser) setUnfinishedAside(place.dataDir);
    makeDataDir(place.dataDir);
    if (needsUser) await this.makeFirstUser(engine);
    if (this.stopping) throw new Error("stopped");
    if (!(await isFree(place.port))) throw localError("MONGO_PORT_TAKEN", { port: place.port });
    return this.launch(engine, place);
  }

  /** Without authentication, so on a port that nobody knows, for the moment it takes. */
  private async makeFirstUser(engine: MongoEngine): Promise<void> {
    const port = await freePort();
    const pid = this.launch(engine, { port, dataDir: this.options.dataDir, auth: false });
    try {
      await this.untilReady(pid, port);
      await createFirstUser(port, this.options.firstUser());
    } finally {
      await this.end(pid, port);
    }
    writeMark(this.options.dataDir, engine);
  }

  private launch(engine: MongoEngine, place: MongoPlace): number {
    const { pidFile, logFile, dataDir } = this.options;
    const output = openSync(logFile, "a", 0o600);
    try {
      const home = dirname(dataDir);
      const child = spawnRecorded({
        pidFile,
        command: engine.command,
        args: engine.args(place),
        cwd: home,
        // Its own home: a configuration file of the person's must not change this server.
        env: { PATH: process.env.PATH, LANG: process.env.LANG, HOME: home, TMPDIR: process.env.TMPDIR },
        output,
      });
      child.on("error", () => {});
      child.unref();
      if (child.pid === undefined)
        throw localError("MONGO_DID_NOT_START", { engine: engine.name, log: logFile });
      this.launched = child.pid;
      child.on("exit", (code, signal) => {
        if (this.launched !== child.pid) return;
        this.launched = undefined;
        // As a shell, and Docker, tell a signal.
        this.exitCode = code ?? 128 + constants.signals[signal!];
      });
      return child.pid;
    } finally {
      closeSync(output);
    }
  }

  private async untilReady(pid: number, port: number): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await answers(port))) {
      if (this.stopping) throw new Error("stopped");
      if (this.isGone(pid) || Date.now() > until) {
        throw localError("MONGO_DID_NOT_START", {
          engine: this.current.engine ?? "Mongo",
          log: this.options.logFile,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** A child tells its end; the command line of one that starts is empty for a moment, while the kernel changes it. */
  private isGone(pid: number): boolean {
    return this.launched !== pid && !commandLineOf(pid);
  }

  /**
   * Answers undefined when the process has ended, or the error with which it failed twice in a row to read its data. A disk
   * that was full for a moment leaves SecantusDB alive and useless until it is started again. The end is polled: an
   * adopted process is not a child, so no event reports it.
   */
  private async untilGoneOrBroken(pid: number): Promise<string | undefined> {
    const { port, firstUser, lookMs = LOOK_MS } = this.options;
    let lookAt = Date.now() + lookMs;
    let before: string | undefined;
    while (!this.isGone(pid)) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(200, lookMs)));
      if (this.stopping || Date.now() < lookAt) continue;
      // A server that does not answer may be busy, or stopped by a person: leave it alone.
      const problem = await readProblem(port, firstUser().user).catch(() => undefined);
      if (problem && before && !this.stopping) return problem;
      before = problem;
      lookAt = Date.now() + lookMs;
    }
    return undefined;
  }

  private end(pid: number, port: number): Promise<void> {
    return endProcess(pid, { graceMs: this.stopGraceMs, nudge: () => nudge(port) });
  }

  private async endOld(): Promise<void> {
    const { pidFile, dataDir, port } = this.options;
    await endRecorded(pidFile, dataDir, { graceMs: this.stopGraceMs, nudge: () => nudge(port) });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
