import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import type { MongoStatus } from "../../protocol";
import type { Credentials } from "../services";
import { Containers } from "./containers";
import { machineFiles } from "./layout";
import { UserData } from "./user-data";
import { mountAll } from "./volumes";

export interface MachineOptions {
  /** Its folder. */
  folder: string;
  commandPath: string[];
  engine(format?: DataFormat): Promise<MongoEngine>;
  /** Its published ports are others than before. */
  onChange?: () => void;
}

/** What a machine boots with. */
export interface Boot {
  userData: string;
  /** Keys of its role, if it has one. */
  credentials?: Credentials;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints. */
  awsUrl: string;
}

/** How often a script's container files are looked at while it runs. */
const LOOK_MS = 40;
/** A script that takes longer than this waits for something: its last line tells for what. */
const PATIENCE_MS = 3000;

/** One instance: a folder that is its disk, a script, and what the script's docker runs. */
export class Machine {
  private readonly script: UserData;
  private readonly containers: Containers;
  private looking: NodeJS.Timeout | undefined;
  private bootedAt = Date.now();

  constructor(private readonly options: MachineOptions) {
    this.script = new UserData({ machine: options.folder, commandPath: options.commandPath });
    const { engine, onChange } = options;
    this.containers = new Containers({ dir: this.files.containers, engine, onChange });
  }

  /** Runs the script unless an earlier boot did; then everything the disk remembers. */
  boot({ userData, credentials, awsUrl }: Boot, volumes: string[]): void {
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    this.bootedAt = Date.now();
    const { profile } = this.files;
    if (credentials) writeFileSync(profile, JSON.stringify({ awsUrl, credentials }), { mode: 0o600 });
    else rmSync(profile, { force: true });
    if (this.script.done) {
      this.volumesChanged(volumes);
      return;
    }
    this.script.start(userData, () => this.lookNow());
    this.looking ??= setInterval(() => this.look(), LOOK_MS);
  }

  /** After the first boot, a volume that comes is mounted and what lives on it started again. */
  volumesChanged(volumes: string[]): void {
    if (!this.script.done) return;
    mountAll(this.files.root, volumes);
    this.lookNow();
  }

  status(): MongoStatus {
    if (this.script.failure) return { state: "failed", error: this.script.failure };
    const mongo = this.containers.status();
    if (mongo) return mongo;
    if (this.script.done && !this.script.isRunning) {
      return { state: "failed", error: "the user-data script has started no Mongo" };
    }
    const waits = Date.now() - this.bootedAt > PATIENCE_MS ? this.script.lastLine() : undefined;
    return { state: "starting", ...(waits ? { error: waits } : {}) };
  }

  /** Resolves when nothing on the machine has the folder open. */
  stopOn(folder: string): Promise<void> {
    return this.containers.stopOn(folder);
  }

  /** Power off: the disk stays. */
  async stop(): Promise<void> {
    await this.script.stop();
    this.stopLooking();
    await this.containers.close();
  }

  /** The disk too. */
  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private look(): void {
    this.lookNow();
    if (!this.script.isRunning) this.stopLooking();
  }

  private lookNow(): void {
    // A folder that cannot be read now is read again at the next look; the status tells what runs.
    this.containers.sync().catch(() => {});
  }

  private stopLooking(): void {
    clearInterval(this.looking);
    this.looking = undefined;
  }

  private get files() {
    return machineFiles(this.options.folder);
  }
}
