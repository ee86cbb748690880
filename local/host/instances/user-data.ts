import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sync, syncTree, writeDurably } from "../../durable";
import { lastLineOf } from "./last-line";
import { machineFiles } from "./layout";
import { Script } from "./script";

/** Where scripts lay down files that every later boot relies on. */
const LASTING = ["etc", "usr"];

/** The files with something in them, relative to the root of a machine. */
function lastingFiles(root: string): string[] {
  return LASTING.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => hasText(join(root, name)));
}

function hasText(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size > 0;
}

/**
 * The user data of one machine, which cloud-init runs once in its life. On AWS that is so even when the power fails
 * half-way; here a run that a killed host, a stop or a power cut has cut off is begun again, and so is one whose files
 * are gone or empty: nobody could log in to do it.
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

  /** Runs it in the background, unless it has ended well in an earlier boot and what it made is there. */
  start(text: string): void {
    this.failed = false;
    if (this.isDone()) return;
    writeFileSync(this.files.userData, text, { mode: 0o700 });
    const code = this.script.run(this.files.userDataLog, true).catch(() => 1);
    void code
      .then((ended) => {
        if (this.stopping) return;
        this.failed = ended !== 0;
        if (!this.failed) this.keepDone();
      })
      .catch(() => {
        this.failed = true;
      });
  }

  /** First the files themselves, then that they are there. */
  private keepDone(): void {
    const { root, userDataDone } = this.files;
    const files = lastingFiles(root);
    for (const folder of LASTING.filter((name) => existsSync(join(root, name)))) syncTree(join(root, folder));
    sync(root);
    sync(this.machine);
    writeDurably(userDataDone, JSON.stringify(files));
  }

  /** What an older host wrote down says nothing of the files: they are made again once. */
  private isDone(): boolean {
    try {
      const files = JSON.parse(readFileSync(this.files.userDataDone, "utf8")) as string[];
      return files.every((name) => hasText(join(this.files.root, name)));
    } catch {
      return false;
    }
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
