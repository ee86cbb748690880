import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** What a stand-in is told: its exit code, and what it prints (to standard error when the code is not 0). */
export interface Answer {
  code: number;
  text: string;
}

const REQUEST = ".request";
/** A safety net: the folder is watched. */
const LOOK_MS = 1000;

/**
 * Answers the stand-ins of systemctl, docker and mount, which only the host can carry out. A request is a file of one
 * word a line; the answer is a file beside it. Files, since a stand-in is a few lines of bash without a network.
 */
export class Requests {
  private watcher: FSWatcher | undefined;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly dir: string,
    private readonly answer: (words: string[]) => Promise<Answer>,
  ) {}

  open(): void {
    this.close();
    mkdirSync(this.dir, { recursive: true });
    this.looking = setInterval(() => this.look(), LOOK_MS).unref();
    try {
      this.watcher = watch(this.dir, { persistent: false }, () => this.look());
      this.watcher.on("error", () => {});
    } catch {
      // Out of watches: then it is looked at in turn.
    }
  }

  /** Whoever still waits for an answer sees the folder gone; so does one whom an earlier host left waiting. */
  close(): void {
    clearInterval(this.looking);
    this.watcher?.close();
    this.watcher = undefined;
    rmSync(this.dir, { recursive: true, force: true });
  }

  private look(): void {
    try {
      for (const name of readdirSync(this.dir).filter((each) => each.endsWith(REQUEST))) {
        const file = join(this.dir, name);
        const words = readFileSync(file, "utf8").split("\n").slice(0, -1);
        rmSync(file);
        void this.reply(file.slice(0, -REQUEST.length), words);
      }
    } catch {
      // The folder is gone, or full of what cannot be read: whoever asked is told that the machine is off.
    }
  }

  private async reply(file: string, words: string[]): Promise<void> {
    const { code, text } = await this.answer(words).catch((error: Error) => ({
      code: 1,
      text: error.message,
    }));
    try {
      writeFileSync(`${file}.draft`, `${code}\n${text && `${text}\n`}`);
      renameSync(`${file}.draft`, `${file}.answer`);
    } catch {
      // The machine is gone, and whoever asked with it.
    }
  }
}
