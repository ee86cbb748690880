import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Logs } from "../services";
import { type LogEvent, LogFile } from "./log-file";

/** What the endpoint reads besides writing. */
export interface LogStore extends Logs {
  has(group: string): boolean;
  /** Oldest first. */
  events(group: string, since?: number): LogEvent[];
  flush(): void;
}

/** A group is cut at this size; one older file of the same size is kept. Bytes. */
const MAX_BYTES = 10 * 1024 * 1024;
const DAY_MS = 86_400_000;

export interface LogsOptions {
  /** Told of every event when it is written. */
  onEvent?: (group: string, text: string) => void;
  /** A group is cut at this size. */
  maxBytes?: number;
}

/** Log groups as files: NAMI_HOME/host/logs/<group>/current.log. `dir` is NAMI_HOME/host. */
export function createLogs(dir: string, clock: Clock, options: LogsOptions = {}): LogStore {
  return new LocalLogs(join(dir, "logs"), clock, { onEvent: () => {}, maxBytes: MAX_BYTES, ...options });
}

class LocalLogs implements LogStore {
  private readonly files = new Map<string, LogFile>();
  private readonly retentionDays = new Map<string, number>();

  constructor(
    private readonly dir: string,
    private readonly clock: Clock,
    private readonly options: Required<LogsOptions>,
  ) {}

  putGroup(name: string, retentionDays?: number): void {
    if (retentionDays) this.retentionDays.set(name, retentionDays);
    else this.retentionDays.delete(name);
    this.fileOf(name);
  }

  removeGroup(name: string): void {
    this.files.get(name)?.flush();
    this.files.delete(name);
    this.retentionDays.delete(name);
    rmSync(this.folderOf(name), { recursive: true, force: true });
  }

  has(group: string): boolean {
    return this.files.has(group);
  }

  write(group: string, stream: string, text: string): void {
    this.options.onEvent(group, text);
    try {
      this.fileOf(group).append({ timestamp: this.clock.now(), stream, message: text });
    } catch {
      // The folder of a new group cannot be made (disk full): a line of log is not worth the host.
    }
  }

  tail(group: string, lines: number): string[] {
    return this.files.get(group)?.tail(lines) ?? [];
  }

  events(group: string, since = 0): LogEvent[] {
    const days = this.retentionDays.get(group);
    const kept = days ? this.clock.now() - days * DAY_MS : 0;
    return this.files.get(group)?.events(Math.max(since, kept)) ?? [];
  }

  flush(): void {
    for (const file of this.files.values()) file.flush();
  }

  private fileOf(group: string): LogFile {
    let file = this.files.get(group);
    if (!file) {
      file = new LogFile(this.folderOf(group), this.options.maxBytes);
      this.files.set(group, file);
    }
    return file;
  }

  /** "/aws/lambda/x" becomes folders; nothing in a name may lead out of the room. */
  private folderOf(group: string): string {
    const parts = group.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
    return join(this.dir, ...parts);
  }
}
