import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";

/**
 * Processes that outlive a killed host. A pid file says which they are; since pids are used again, a process counts
 * as ours only when its command line says so too.
 */
export interface RecordedCommand {
  pidFile: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File descriptor for output: a pipe would break when the host dies. */
  output: number;
}

/**
 * Starts a command in a session of its own. The shell writes its pid before it becomes the command, so there is no
 * moment in which a process runs and no file tells of it.
 */
export function spawnRecorded(spec: RecordedCommand): ChildProcess {
  const script = 'echo $$ > "$0" && exec "$@"';
  return spawn("/bin/sh", ["-c", script, spec.pidFile, spec.command, ...spec.args], {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ["ignore", spec.output, spec.output],
  });
}

/** The pid and command line of the recorded process, when it is alive. Arguments are joined by blanks. */
export function recordedProcess(pidFile: string): { pid: number; commandLine: string } | undefined {
  const pid = Number.parseInt(readText(pidFile) ?? "", 10);
  if (!(pid > 1)) return undefined;
  const commandLine = commandLineOf(pid);
  return commandLine ? { pid, commandLine } : undefined;
}

export interface EndOptions {
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs: number;
  /** The whole process group. */
  group?: boolean;
  /** Called again and again while it is waited for. */
  nudge?: () => void;
}

/** Sends SIGTERM to the process (or its whole group), SIGKILL after the grace; resolves when it is gone. */
export async function endProcess(pid: number, options: EndOptions): Promise<void> {
  const target = options.group ? -pid : pid;
  signal(target, "SIGTERM");
  const killAt = Date.now() + options.graceMs;
  let killed = false;
  while (commandLineOf(pid)) {
    if (!killed && Date.now() >= killAt) {
      signal(target, "SIGKILL");
      killed = true;
    }
    options.nudge?.();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Ends what an earlier host left behind, if it is ours: its command line has to contain `mark`. */
export async function endRecorded(pidFile: string, mark: string, options: EndOptions): Promise<void> {
  const old = recordedProcess(pidFile);
  if (old?.commandLine.includes(mark)) await endProcess(old.pid, options);
  rmSync(pidFile, { force: true });
}

/** Empty text for a process that is gone, and for one that has ended and was not yet collected by its parent. */
export function commandLineOf(pid: number): string {
  if (process.platform === "linux") {
    return (readText(`/proc/${pid}/cmdline`) ?? "").split("\0").join(" ").trim();
  }
  try {
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** Ends a process and whatever it has started, at once. Nothing happens where nothing is left. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // ESRCH; under macOS EPERM when only a leader is left that has ended.
  }
}

/** The processes of a group, its leader counted if it is there. */
export function groupMembers(leader: number): number[] {
  if (process.platform !== "linux") {
    const table = execFileSync("ps", ["-A", "-o", "pid=,pgid="], { encoding: "utf8" });
    return table
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, group]) => (group === leader ? pid! : []));
  }
  const pids = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 1);
  return pids.filter((pid) => groupOf(readText(`/proc/${pid}/stat`)) === leader);
}

/** `pid (name, which may have anything in it) state ppid pgrp …`, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function groupOf(stat = ""): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
