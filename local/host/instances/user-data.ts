import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { delimiter, join } from "node:path";
import { endProcess, endRecorded, spawnRecorded } from "../../mongo/process-record";
import { machineFiles } from "./layout";
import { makeStandIns, standInEnvironment } from "./stand-ins";

/** Enough for a script to end its own children. */
const STOP_GRACE_MS = 2000;

export interface UserDataOptions {
  /** Folder of the machine. */
  machine: string;
  /** Folders searched before the stand-ins. */
  commandPath: string[];
}

/** The user-data script of one machine: run by cloud-init on AWS, once. */
export class UserData {
  private running: Promise<void> | undefined;
  private failed = false;
  private ended = false;
  private pid: number | undefined;

  constructor(private readonly options: UserDataOptions) {}

  /** Whether it has ended well, in this boot or an earlier one. */
  get done(): boolean {
    return existsSync(this.files.done);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Why it failed: the last line it said. */
  get failure(): string | undefined {
    return this.failed ? (this.lastLine() ?? "the user-data script failed without a word") : undefined;
  }

  /** The last line of the log. */
  lastLine(): string | undefined {
    if (!existsSync(this.files.log)) return undefined;
    return readFileSync(this.files.log, "utf8").trim().split("\n").at(-1) || undefined;
  }

  /**
   * Runs the script in the background; `onEnd` is called when it has ended well. One that an earlier, killed host
   * started is ended first.
   */
  start(text: string, onEnd: () => void): void {
    if (this.running) return;
    this.failed = false;
    this.running = this.run(text)
      .then((code) => {
        if (this.ended) return;
        this.failed = code !== 0;
        if (!this.failed) {
          writeFileSync(this.files.done, "");
          onEnd();
        }
      })
      .finally(() => {
        this.running = undefined;
      });
  }

  /** Ends it and its children; at the next boot it runs again. */
  async stop(): Promise<void> {
    this.ended = true;
    // One that was started a moment ago has not written its pid file yet.
    if (this.pid) await endProcess(this.pid, { graceMs: STOP_GRACE_MS, group: true });
    await this.endOld();
    await this.running;
    this.ended = false;
  }

  private async run(text: string): Promise<number> {
    await this.endOld();
    if (this.ended) return 1;
    const { machine, commandPath } = this.options;
    const { root, bin, userData, log, pid } = this.files;
    makeRoot(root);
    makeStandIns(bin);
    writeFileSync(userData, text, { mode: 0o700 });
    const output = openSync(log, "w", 0o600);
    const child = spawnRecorded({
      pidFile: pid,
      command: "/bin/bash",
      args: [userData],
      cwd: root,
      env: {
        PATH: [...commandPath, bin, process.env.PATH].join(delimiter),
        HOME: root,
        LANG: process.env.LANG,
        TMPDIR: process.env.TMPDIR,
        ...standInEnvironment(machine, root),
      },
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
    return endRecorded(this.files.pid, this.files.userData, { graceMs: STOP_GRACE_MS, group: true });
  }

  private get files() {
    return machineFiles(this.options.machine);
  }
}

/** What Amazon Linux has before the first script runs, as far as scripts look at it. */
function makeRoot(root: string): void {
  for (const folder of ["etc", "proc", "dev/disk/by-id", "var/lib"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "proc", "meminfo"), `MemTotal: ${Math.floor(totalmem() / 1024)} kB\n`);
}
