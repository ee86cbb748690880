import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import { endRecorded } from "../../mongo/process-record";
import { MongoServer } from "../../mongo/server";
import type { MongoStatus } from "../../protocol";
import { type MongoContainer, readContainer } from "./container";

export interface ContainersOptions {
  /** Folder of the container files. */
  dir: string;
  engine(format?: DataFormat): Promise<MongoEngine>;
  /** A container has published its port, or is gone. */
  onChange?: () => void;
}

interface Running {
  server: MongoServer;
  dataDir: string;
}

const GRACE_MS = 15_000;
const SPEC = ".container";
const MARK = ".running";

/** The Docker of one machine: a process runs for each container file, and ends when the file goes away. */
export class Containers {
  private readonly running = new Map<string, Running>();
  private readonly broken = new Map<string, string>();
  private syncing: Promise<void> | undefined;

  constructor(private readonly options: ContainersOptions) {}

  /** Makes the processes fit the files. */
  sync(): Promise<void> {
    this.syncing ??= this.syncOnce().finally(() => {
      this.syncing = undefined;
    });
    return this.syncing;
  }

  /** Of the first container; undefined when there is none. */
  status(): MongoStatus | undefined {
    const [broken] = this.broken.values();
    if (broken) return { state: "failed", error: broken };
    const [first] = this.running.values();
    return first?.server.status();
  }

  /** Resolves when nothing has the folder open any more. */
  async stopOn(folder: string): Promise<void> {
    await this.syncing;
    const users = [...this.running.values()].filter(({ dataDir }) => dataDir.startsWith(folder + sep));
    await Promise.all(users.map(({ server }) => server.stop()));
  }

  /** Stops them all; the files stay, so that they run again at the next boot. */
  async close(): Promise<void> {
    await this.syncing;
    await Promise.all([...this.running.values()].map(({ server }) => server.stop()));
    this.running.clear();
  }

  private async syncOnce(): Promise<void> {
    mkdirSync(this.options.dir, { recursive: true });
    const names = readdirSync(this.options.dir);
    const wanted = names.filter((name) => name.endsWith(SPEC)).map((name) => name.slice(0, -SPEC.length));
    const marked = names.filter((name) => name.endsWith(MARK)).map((name) => name.slice(0, -MARK.length));
    await Promise.all(marked.filter((name) => !wanted.includes(name)).map((name) => this.remove(name)));
    for (const name of wanted) this.run(name);
  }

  private run(name: string): void {
    const known = this.running.get(name);
    if (known) {
      if (known.server.status().state === "stopped" && existsSync(known.dataDir)) known.server.start();
      return;
    }
    try {
      const container = readContainer(this.file(name, SPEC));
      this.broken.delete(name);
      const server = this.serverOf(name, container);
      this.running.set(name, { server, dataDir: container.dataDir });
      writeFileSync(this.file(name, MARK), "");
      server.start();
      this.options.onChange?.();
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      this.broken.set(name, missing ? "its volume is not mounted" : (error as Error).message);
    }
  }

  private serverOf(name: string, container: MongoContainer): MongoServer {
    return new MongoServer({
      ...container,
      engine: this.options.engine,
      pidFile: this.file(name, ".pid"),
      logFile: this.file(name, ".log"),
    });
  }

  private async remove(name: string): Promise<void> {
    const known = this.running.get(name);
    if (known) await known.server.stop();
    // Of an earlier host that was killed before it saw the file go: the pid file is the machine's own.
    else await endRecorded(this.file(name, ".pid"), sep, { graceMs: GRACE_MS });
    this.running.delete(name);
    this.broken.delete(name);
    rmSync(this.file(name, MARK), { force: true });
    this.options.onChange?.();
  }

  private file(name: string, ending: string): string {
    return join(this.options.dir, `${name}${ending}`);
  }
}
