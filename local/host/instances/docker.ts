import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { writeDurably } from "../../durable";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import { endRecorded } from "../../mongo/process-record";
import { MongoServer } from "../../mongo/server";
import type { MongoStatus } from "../../protocol";
import { type Container, mongoOf } from "./container";
import { DockerError, parseRun, unknownTo } from "./docker-run";
import { inspected } from "./inspect";
import type { Answer } from "./requests";

export interface DockerOptions {
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

/** For what a killed host left behind, whose engine is not known. */
const GRACE_MS = 15_000;

/** The Docker of one machine. A container is a file; while it runs, a Mongo process that is kept running. */
export class Docker {
  private on = false;
  private readonly running = new Map<string, Running>();
  private readonly broken = new Map<string, string>();

  constructor(private readonly options: DockerOptions) {}

  /** Starts the daemon, and every container: `--restart=always` brings back also what was stopped by hand. */
  async start(): Promise<void> {
    if (this.on) return;
    this.on = true;
    for (const container of this.containers()) {
      try {
        this.startContainer(container);
      } catch (error) {
        // As Docker: it stays as it is, and a start by hand tells the reason again.
        this.broken.set(container.name, (error as Error).message);
      }
    }
  }

  /** Ends the daemon and all that runs, also what a killed host left; the containers stay. */
  async stop(): Promise<void> {
    this.on = false;
    await Promise.all(this.containers().map((container) => this.end(container)));
    this.broken.clear();
  }

  /** Of the first container; undefined when there is none that was started. */
  status(): MongoStatus | undefined {
    const [broken] = this.broken.values();
    if (broken) return { state: "failed", error: broken };
    const [first] = this.running.values();
    return first?.server.status();
  }

  /** Whether anything has the folder open. */
  uses(folder: string): boolean {
    return [...this.running.values()].some(
      ({ server, dataDir }) => server.status().state !== "stopped" && dataDir.startsWith(folder + sep),
    );
  }

  /** `docker …`. */
  async command(words: string[]): Promise<Answer> {
    try {
      return { code: 0, text: await this.obey(words) };
    } catch (error) {
      return { code: error instanceof DockerError ? error.code : 1, text: (error as Error).message };
    }
  }

  private async obey(words: string[]): Promise<string> {
    if (!this.on) throw new DockerError("Cannot connect to the Docker daemon. Is the docker daemon running?");
    const [verb, ...rest] = words;
    const last = rest.at(-1) ?? "";
    const shape = [verb, ...rest.slice(0, -1)].join(" ");
    if (shape === "pull -q") return this.pull(last);
    if (shape === "image inspect") return this.imageFile(last, "is no image here: ");
    if (verb === "run") return this.run(rest);
    if (shape === "start") return this.startNamed(last);
    if (/^stop -t \d+$/.test(shape)) return this.stopNamed(last);
    if (shape === "rm -v") return this.remove(last);
    if (/^logs --tail \d+$/.test(shape)) return this.tail(last, Number(rest[1]));
    if (verb === "container" && rest[0] === "inspect" && rest[1] === "--format" && rest.length === 4) {
      return inspected(this.find(last), this.running.get(last)?.server, rest[2]!);
    }
    throw unknownTo(words);
  }

  private pull(image: string): string {
    if (!/^mongo:[\w.-]+$/.test(image)) {
      throw new DockerError(`pull access denied for ${image}: the local target has Mongo only`);
    }
    mkdirSync(join(this.options.dir, "images"), { recursive: true });
    writeFileSync(join(this.options.dir, "images", image), "");
    return `docker.io/library/${image}`;
  }

  private imageFile(image: string, problem: string): string {
    if (!existsSync(join(this.options.dir, "images", image))) throw new DockerError(`${problem}${image}`);
    return "[]";
  }

  private run(words: string[]): string {
    const container = parseRun(words);
    const { name, image, id } = container;
    if (existsSync(this.file(name, ".json"))) {
      throw new DockerError(`Conflict. The container name "/${name}" is already in use.`, 125);
    }
    this.imageFile(image, "Unable to find image ");
    mongoOf(container);
    this.save(container);
    this.startContainer(container);
    return id;
  }

  private startNamed(name: string): string {
    this.startContainer(this.find(name));
    return name;
  }

  private startContainer(container: Container): void {
    const { name } = container;
    const known = this.running.get(name);
    const { port, dataDir, firstUser } = mongoOf(container);
    this.broken.delete(name);
    if (container.dataDir !== dataDir) this.save({ ...container, dataDir });
    const server =
      known?.dataDir === dataDir
        ? known.server
        : new MongoServer({
            port,
            dataDir,
            firstUser,
            engine: this.options.engine,
            pidFile: this.file(name, ".pid"),
            logFile: this.file(name, ".log"),
          });
    this.running.set(name, { server, dataDir });
    server.start();
    this.options.onChange?.();
  }

  private async stopNamed(name: string): Promise<string> {
    await this.end(this.find(name));
    return name;
  }

  private async end({ name, dataDir }: Container): Promise<void> {
    const known = this.running.get(name);
    if (known) await known.server.stop();
    else if (dataDir) await endRecorded(this.file(name, ".pid"), dataDir, { graceMs: GRACE_MS });
  }

  private remove(name: string): string {
    this.find(name);
    const known = this.running.get(name);
    if (known && known.server.status().state !== "stopped") {
      throw new DockerError(`cannot remove container "${name}": container is running: stop the container`);
    }
    rmSync(this.file(name, ".json"));
    this.running.delete(name);
    this.broken.delete(name);
    this.options.onChange?.();
    return name;
  }

  private tail(name: string, lines: number): string {
    this.find(name);
    const log = this.file(name, ".log");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-lines).join("\n") : "";
  }

  private containers(): Container[] {
    if (!existsSync(this.options.dir)) return [];
    const names = readdirSync(this.options.dir).filter((name) => name.endsWith(".json"));
    return names.map((name) => this.find(name.slice(0, -".json".length)));
  }

  private find(name: string): Container {
    const file = this.file(name, ".json");
    if (!existsSync(file)) throw new DockerError(`No such container: ${name}`);
    return JSON.parse(readFileSync(file, "utf8")) as Container;
  }

  private save(container: Container): void {
    writeDurably(this.file(container.name, ".json"), `${JSON.stringify(container, undefined, 2)}\n`);
  }

  private file(name: string, ending: string): string {
    return join(this.options.dir, `${name}${ending}`);
  }
}
