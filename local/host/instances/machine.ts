import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import type { MongoStatus } from "../../protocol";
import type { Credentials } from "../services";
import { Docker } from "./docker";
import { machineFiles } from "./layout";
import { type Answer, Requests } from "./requests";
import { makeStandIns } from "./stand-ins";
import { type Later, Systemd } from "./systemd";
import { UnitError } from "./unit-file";
import { UserData } from "./user-data";
import { mountPath, unmountAll } from "./volumes";

export interface MachineOptions {
  /** Its folder. */
  folder: string;
  commandPath: string[];
  later: Later;
  engine(format?: DataFormat): Promise<MongoEngine>;
  /** Folders of the volumes attached to it. */
  volumes(): string[];
  /** Its published ports are others than before. */
  onChange?: () => void;
}

/** What a machine boots with. */
export interface Boot {
  userData: string;
  memoryGib: number;
  /** Keys of its role, if it has one. */
  credentials?: Credentials;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints. */
  awsUrl: string;
}

/** A script that takes longer than this waits for something: its last line tells for what. */
const PATIENCE_MS = 3000;

/** One instance: a folder that is its disk, user data, and what the units it wrote and its Docker run. */
export class Machine {
  private readonly userData: UserData;
  private readonly systemd: Systemd;
  private readonly docker: Docker;
  private readonly requests: Requests;
  private bootedAt = 0;
  private isOn = false;
  /** Power goes on and off one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: MachineOptions) {
    const { folder: machine, commandPath, later, engine, onChange } = options;
    this.docker = new Docker({ dir: this.files.containers, engine, onChange });
    this.userData = new UserData(machine, commandPath);
    this.systemd = new Systemd({
      machine,
      commandPath,
      later,
      mount: (path) => void mountPath(this.files.root, options.volumes(), path),
      packaged: { "docker.service": () => this.startDocker() },
    });
    this.requests = new Requests(this.files.requests, (words) => this.answer(words));
  }

  get on(): boolean {
    return this.isOn;
  }

  /** Runs the user data unless an earlier boot did, and whatever it has enabled for every boot. */
  powerOn(boot: Boot): Promise<void> {
    return this.inTurn(() => this.bootUp(boot));
  }

  /** Ends everything in order, also what a killed host left; the disk stays. */
  powerOff(): Promise<void> {
    return this.inTurn(() => this.shutDown());
  }

  /** The disk too. */
  async destroy(): Promise<void> {
    await this.powerOff();
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  /**
   * Resolves when nothing has the folder of a volume open. A unit that requires the mount, as Docker here, ends with
   * it, for the mount is bound to its device (systemd.mount(5), x-systemd.device-bound).
   */
  async letGo(folder: string): Promise<void> {
    if (this.docker.uses(folder)) await this.docker.stop();
  }

  status(): MongoStatus {
    const mongo = this.docker.status();
    if (!this.isOn) return { state: "stopped", ...(mongo?.port ? { port: mongo.port } : {}) };
    if (mongo?.state === "running" || mongo?.state === "failed") return mongo;
    const error = this.systemd.failure ?? this.userData.failure;
    const isBusy = this.systemd.isBusy || this.userData.isRunning;
    if (mongo?.state === "starting" || isBusy) return this.starting(mongo, isBusy ? undefined : error);
    if (error) return { ...mongo, state: "failed", error };
    return mongo ?? { state: "failed", error: "the user data has started no Mongo" };
  }

  private async startDocker(): Promise<void> {
    const isInstalled = existsSync(join(this.files.packages, "docker"));
    if (!isInstalled) throw new UnitError("Unit docker.service not found.", 5);
    await this.docker.start();
  }

  private async bootUp(boot: Boot): Promise<void> {
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    if (this.isOn) await this.shutDown();
    // What a killed host left: its scripts end, its Mongo is taken over once Docker starts.
    else await this.endScripts();
    this.isOn = true;
    this.bootedAt = Date.now();
    makeRoot(this.files.root, boot.memoryGib);
    makeStandIns(this.files.bin);
    this.writeProfile(boot);
    this.requests.open();
    this.systemd.boot();
    this.userData.start(boot.userData);
  }

  private async shutDown(): Promise<void> {
    this.isOn = false;
    await this.endScripts();
    await this.docker.stop();
  }

  private async endScripts(): Promise<void> {
    await Promise.all([this.userData.stop(), this.systemd.powerOff()]);
    this.requests.close();
    unmountAll(this.files.root);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  private starting(mongo: MongoStatus | undefined, problem: string | undefined): MongoStatus {
    const waits = Date.now() - this.bootedAt > PATIENCE_MS;
    const error = mongo?.error ?? problem ?? (waits ? this.lastWord() : undefined);
    return { ...mongo, state: "starting", ...(error ? { error } : {}) };
  }

  private lastWord(): string | undefined {
    return this.systemd.isBusy ? this.systemd.lastLine() : this.userData.lastLine();
  }

  private writeProfile({ credentials, awsUrl }: Boot): void {
    const { profile } = this.files;
    if (credentials) writeFileSync(profile, JSON.stringify({ awsUrl, credentials }), { mode: 0o600 });
    else rmSync(profile, { force: true });
  }

  private async answer([command, ...words]: string[]): Promise<Answer> {
    if (command === "systemctl") return this.systemd.command(words);
    if (command === "docker") return this.docker.command(words);
    const [path = "", ...more] = words;
    const { root } = this.files;
    if (more.length > 0 || !path.startsWith(`${root}/`)) {
      return { code: 64, text: `mount: the local target does not know: mount ${words.join(" ")}` };
    }
    const found = mountPath(root, this.options.volumes(), path.slice(root.length));
    return found ? { code: 0, text: "" } : { code: 1, text: `mount: ${path}: can't find in /etc/fstab.` };
  }

  private get files() {
    return machineFiles(this.options.folder);
  }
}

/** What Amazon Linux has before the first script runs, as far as scripts look at it; /run and /proc anew at each boot. */
function makeRoot(root: string, memoryGib: number): void {
  rmSync(join(root, "run"), { recursive: true, force: true });
  for (const folder of ["etc", "proc", "run", "dev/disk/by-id", "var/lib"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "proc", "meminfo"), `MemTotal: ${memoryGib * 1024 ** 2} kB\n`);
}
