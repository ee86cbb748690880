import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { lastLineOf } from "./last-line";
import { machineFiles } from "./layout";
import type { Answer } from "./requests";
import { Script } from "./script";
import {
  readService,
  readTimer,
  requiredMounts,
  type Timer,
  UNIT_FOLDER,
  UnitError,
  wantedBy,
} from "./unit-file";

/** Calls `work` after so many milliseconds, unless the answer is called first. Tests turn the clock by hand. */
export type Later = (ms: number, work: () => void) => () => void;

export const later: Later = (ms, work) => {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
};

export interface SystemdOptions {
  /** Folder of the machine. */
  machine: string;
  commandPath: string[];
  later: Later;
  /** Mounts what fstab has at a path, if it has anything. @throws Error */
  mount(path: string): void;
  /** Units that packages bring, by name. */
  packaged: Record<string, () => Promise<void>>;
}

interface Running {
  script: Script;
  /** Of the last run. */
  code?: number;
}

/** The journal is begun anew at a boot that finds more than this. */
const JOURNAL_BYTES = 1024 ** 2;

/**
 * The systemd of one machine, as far as unit files written by a script need it: services of type oneshot, timers,
 * enabling, and the mounts that a packaged unit requires. What it does not know it refuses.
 */
export class Systemd {
  private readonly services = new Map<string, Running>();
  private readonly timers = new Map<string, { timer: Timer; cancel: () => void }>();
  private on = false;

  constructor(private readonly options: SystemdOptions) {}

  /** Starts what is enabled. */
  boot(): void {
    this.on = true;
    const { journal } = this.files;
    if (existsSync(journal) && statSync(journal).size > JOURNAL_BYTES) rmSync(journal);
    for (const unit of this.enabled()) void this.start(unit).catch(() => {});
  }

  /** Ends what runs, and what a killed host left. */
  async powerOff(): Promise<void> {
    this.on = false;
    for (const unit of [...this.timers.keys()]) this.stopTimer(unit);
    for (const unit of readNames(this.files.units, ".pid")) {
      if (this.isReadable(unit)) this.service(unit);
    }
    await Promise.all([...this.services.values()].map(({ script }) => script.end()));
    this.services.clear();
  }

  /** Services that run now. */
  get isBusy(): boolean {
    return [...this.services.values()].some(({ script }) => script.isRunning);
  }

  /** Why a service failed, the last time it ran: the last line it said. */
  get failure(): string | undefined {
    const failed = [...this.services].find(([, { script, code }]) => !script.isRunning && code);
    return failed && (this.lastLine() ?? `${failed[0]} failed without a word`);
  }

  lastLine(): string | undefined {
    return lastLineOf(this.files.journal);
  }

  /** `systemctl …`. */
  async command(words: string[]): Promise<Answer> {
    try {
      await this.obey(words);
      return { code: 0, text: "" };
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      return { code: error.code, text: error.message };
    }
  }

  private async obey(words: string[]): Promise<void> {
    const [verb, ...rest] = words;
    const now = rest[0] === "--now";
    const [unit, ...more] = now ? rest.slice(1) : rest;
    if (verb === "daemon-reload" && !unit) return;
    if (unit && more.length === 0) {
      const name = unit.includes(".") ? unit : `${unit}.service`;
      if (verb === "enable") {
        this.enable(name);
        if (now) await this.start(name);
        return;
      }
      if (verb === "start" && !now) return this.start(name);
      if (verb === "stop" && !now && name.endsWith(".timer")) return this.stopTimer(name);
    }
    throw new UnitError(`systemctl: the local target does not know: systemctl ${words.join(" ")}`, 64);
  }

  private enable(unit: string): void {
    for (const target of wantedBy(this.files.root, unit)) {
      const folder = join(this.files.root, UNIT_FOLDER, `${target}.wants`);
      mkdirSync(folder, { recursive: true });
      rmSync(join(folder, unit), { force: true });
      symlinkSync(`../${unit}`, join(folder, unit));
    }
  }

  private enabled(): string[] {
    const folder = join(this.files.root, UNIT_FOLDER);
    return readNames(folder, ".wants").flatMap((target) => readdirSync(join(folder, `${target}.wants`)));
  }

  private async start(unit: string): Promise<void> {
    if (unit.endsWith(".timer")) return this.startTimer(unit);
    const packaged = this.options.packaged[unit];
    if (packaged) return this.startPackaged(unit, packaged);
    const { command } = readService(this.files.root, unit);
    if (!existsSync(command) || !(statSync(command).mode & 0o111)) {
      throw new UnitError(`${unit}: unable to execute ${command}: it is not there, or not executable`, 203);
    }
    const service = this.service(unit, command);
    service.code = await service.script.run(this.files.journal, false);
    this.ended(unit);
    if (service.code !== 0) {
      throw new UnitError(`Job for ${unit} failed because the control process exited with error code.`);
    }
  }

  private async startPackaged(unit: string, start: () => Promise<void>): Promise<void> {
    try {
      for (const path of requiredMounts(this.files.root, unit)) this.options.mount(path);
    } catch (error) {
      if (error instanceof UnitError) throw error;
      throw new UnitError(`A dependency job for ${unit} failed: ${(error as Error).message}`);
    }
    await start();
  }

  private service(unit: string, command?: string): Running {
    const known = this.services.get(unit);
    if (known) return known;
    const { machine, commandPath } = this.options;
    const path = command ?? readService(this.files.root, unit).command;
    mkdirSync(this.files.units, { recursive: true });
    const pidFile = join(this.files.units, `${unit}.pid`);
    const made = { script: new Script({ machine, commandPath, path, pidFile }) };
    this.services.set(unit, made);
    return made;
  }

  /** What a power cut has left empty started nothing that still runs. */
  private isReadable(unit: string): boolean {
    try {
      readService(this.files.root, unit);
      return true;
    } catch (error) {
      if (error instanceof UnitError) return false;
      throw error;
    }
  }

  private startTimer(unit: string): void {
    if (this.timers.has(unit)) return;
    const timer = readTimer(this.files.root, unit);
    this.timers.set(unit, { timer, cancel: () => {} });
    this.schedule(unit, timer.afterStart);
  }

  private stopTimer(unit: string): void {
    this.timers.get(unit)?.cancel();
    this.timers.delete(unit);
  }

  private ended(service: string): void {
    for (const [unit, { timer }] of this.timers) {
      if (timer.starts === service) this.schedule(unit, timer.afterEnd);
    }
  }

  private schedule(unit: string, ms: number | undefined): void {
    const entry = this.timers.get(unit);
    if (!entry || ms === undefined || !this.on) return;
    entry.cancel();
    entry.cancel = this.options.later(ms, () => void this.start(entry.timer.starts).catch(() => {}));
  }

  private get files() {
    return machineFiles(this.options.machine);
  }
}

/** Names in a folder that end so, without the ending; none when it is not there. */
function readNames(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}
