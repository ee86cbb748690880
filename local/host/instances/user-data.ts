import { existsSync, writeFileSync } from "node:fs";
import { lastLineOf } from "./last-line";
import { machineFiles } from "./layout";
import { Script } from "./script";

/**
 * The user data of one machine, which cloud-init runs once in its life. On AWS that is so even when the power fails
 * half-way; here a run that a killed host or a stop cut off is begun again, for nobody could log in to do it.
 */
export class UserData {
  private readonly script: Script;
  private failed = false;
  private stopping = false;

  constructor(
    private readonly machine: string,
    commandPath: string[],
  ) {
    const { userData: path, userDataPid: pidFile } = machineFiles(machine);
    this.script = new Script({ machine, commandPath, path, pidFile });
  }

  get isRunning(): boolean {
    return this.script.isRunning;
  }

  /** Why it failed: the last line it said. */
  get failure(): string | undefined {
    return this.failed ? (this.lastLine() ?? "the user data failed without a word") : undefined;
  }

  lastLine(): string | undefined {
    return lastLineOf(this.files.userDataLog);
  }

  /** Runs it in the background, unless it has ended well in an earlier boot. */
  start(text: string): void {
    this.failed = false;
    if (existsSync(this.files.userDataDone)) return;
    writeFileSync(this.files.userData, text, { mode: 0o700 });
    const code = this.script.run(this.files.userDataLog, true).catch(() => 1);
    void code.then((ended) => {
      if (this.stopping) return;
      this.failed = ended !== 0;
      if (!this.failed) writeFileSync(this.files.userDataDone, "");
    });
  }

  /** Ends it and its children; at the next boot it runs again. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.script.end();
    this.stopping = false;
  }

  private get files() {
    return machineFiles(this.machine);
  }
}
