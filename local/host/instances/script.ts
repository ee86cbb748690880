import { closeSync, openSync } from "node:fs";
import { delimiter } from "node:path";
import { endProcess, endRecorded, spawnRecorded } from "../../mongo/process-record";
import { machineFiles } from "./layout";
import { standInEnvironment } from "./stand-ins";

/** Enough for a script to end its own children. */
const STOP_GRACE_MS = 2000;

export interface ScriptOptions {
  /** Folder of the machine. */
  machine: string;
  /** Folders searched before the stand-ins. */
  commandPath: string[];
  /** The bash script. */
  path: string;
  pidFile: string;
}

/** A script of a machine, in a session of its own: it outlives a killed host, and the next one ends it. */
export class Script {
  private running: Promise<number> | undefined;
  private pid: number | undefined;
  private ended = false;

  constructor(private readonly options: ScriptOptions) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Runs it, or joins the run that goes on. `fresh` begins the log anew. Resolves with its exit code. */
  run(log: string, fresh: boolean): Promise<number> {
    this.running ??= this.runOnce(log, fresh).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Ends it and its children, whichever host started them. */
  async end(): Promise<void> {
    this.ended = true;
    // One that was started a moment ago has not written its pid file yet.
    if (this.pid) await endProcess(this.pid, { graceMs: STOP_GRACE_MS, group: true });
    await this.endOld();
    await this.running;
    this.ended = false;
  }

  private async runOnce(log: string, fresh: boolean): Promise<number> {
    await this.endOld();
    if (this.ended) return 1;
    const { path, pidFile } = this.options;
    const { root } = machineFiles(this.options.machine);
    const output = openSync(log, fresh ? "w" : "a", 0o600);
    const child = spawnRecorded({
      pidFile,
      command: "/bin/bash",
      args: [path],
      cwd: root,
      env: scriptEnvironment(this.options),
      output,
    });
    closeSync(output);
    this.pid = child.pid;
    return new Promise((resolve) => {
      const end = (code: number | null) => {
        this.pid = undefined;
        resolve(code ?? 1);
      };
      child.on("error", () => end(1));
      child.on("exit", end);
    });
  }

  private endOld(): Promise<void> {
    const { pidFile, path } = this.options;
    return endRecorded(pidFile, path, { graceMs: STOP_GRACE_MS, group: true });
  }
}

/** Of whatever runs on a machine. */
export function scriptEnvironment({
  machine,
  commandPath,
}: Pick<ScriptOptions, "machine" | "commandPath">): NodeJS.ProcessEnv {
  const { root, bin } = machineFiles(machine);
  return {
    PATH: [...commandPath, bin, process.env.PATH].join(delimiter),
    HOME: root,
    LANG: process.env.LANG,
    TMPDIR: process.env.TMPDIR,
    ...standInEnvironment(machine, root),
  };
}
