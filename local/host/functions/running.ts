import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf, endProcess, groupMembers, killGroup } from "../../mongo/process-record";

/**
 * A sandbox ends by itself when its host has gone, but for one whose code never comes to look: a loop would keep a core
 * busy past the next start. So a file is named after each process, and the next host ends what is left.
 */
export class RunningSandboxes {
  private readonly dir: string;

  /**
   * The command lines of sandboxes and of their isolated processes contain `mark`: a pid alone may belong to another
   * process by now.
   */
  constructor(
    dir: string,
    private readonly mark: string,
  ) {
    this.dir = join(dir, "running");
  }

  /** A disk that takes no file is no reason to run no function. */
  add(pid: number): void {
    try {
      mkdirSync(this.dir, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.dir, String(pid)), "");
    } catch {}
  }

  remove(pid: number): void {
    try {
      rmSync(join(this.dir, String(pid)), { force: true });
    } catch {}
  }

  /** Ends what a killed host has left; resolves when it is gone. */
  async endLeft(): Promise<void> {
    await Promise.all(
      this.pids().map(async (pid) => {
        const left = groupMembers(pid).filter((member) => commandLineOf(member).includes(this.mark));
        if (left.includes(pid)) killGroup(pid);
        await Promise.all(left.map((member) => endProcess(member, { graceMs: 0 })));
        this.remove(pid);
      }),
    );
  }

  private pids(): number[] {
    try {
      return readdirSync(this.dir)
        .map(Number)
        .filter((pid) => pid > 1);
    } catch {
      return [];
    }
  }
}
