import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSince } from "./read-since";

export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number;
  stream: string;
  message: string;
}

/** Lines wait this long before they are written together, ms; a flush comes before every read. */
const FLUSH_MS = 100;
const FLUSH_BYTES = 65_536;

/**
 * One log group on disk: `current.log` and, once that was full, the one before it. A line is
 * `<ISO time> TAB <stream> TAB <message>`; line ends inside a message are kept as carriage returns, as AWS's
 * runtime writes them, so that the file can be read with ordinary tools.
 */
export class LogFile {
  private pending: string[] = [];
  private pendingBytes = 0;
  private size: number;
  private timer?: NodeJS.Timeout;
  private readonly current: string;
  private readonly previous: string;

  constructor(
    dir: string,
    private readonly maxBytes: number,
  ) {
    mkdirSync(dir, { recursive: true });
    this.current = join(dir, "current.log");
    this.previous = join(dir, "previous.log");
    this.size = existsSync(this.current) ? statSync(this.current).size : 0;
  }

  append(event: LogEvent): void {
    const message = event.message.replace(/\r?\n$/, "").replace(/\r?\n/g, "\r");
    const line = `${new Date(event.timestamp).toISOString()}\t${event.stream}\t${message}\n`;
    this.pending.push(line);
    this.pendingBytes += line.length;
    if (this.pendingBytes >= FLUSH_BYTES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** A log that cannot be written (disk full) must never stop the pipeline: the lines are dropped. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.length === 0) return;
    const text = this.pending.join("");
    this.pending = [];
    this.pendingBytes = 0;
    try {
      if (this.size > this.maxBytes) this.rotate();
      appendFileSync(this.current, text, { mode: 0o600 });
      this.size += Buffer.byteLength(text);
    } catch {
      // Nothing better can be done with a log line than to lose it.
    }
  }

  /** Oldest first; those of before `since` are left out. */
  events(since = 0): LogEvent[] {
    this.flush();
    return [this.previous, this.current].flatMap((file) =>
      (since > 0 ? readSince(file, since) : linesOf(file))
        .map(parseLine)
        .filter((event): event is LogEvent => event !== undefined && event.timestamp >= since),
    );
  }

  /** The newest `count` lines, newest last. */
  tail(count: number): string[] {
    this.flush();
    const lines = linesOf(this.current);
    if (lines.length < count) lines.unshift(...linesOf(this.previous));
    return count > 0 ? lines.slice(-count) : [];
  }

  private rotate(): void {
    rmSync(this.previous, { force: true });
    renameSync(this.current, this.previous);
    this.size = 0;
  }
}

function linesOf(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

function parseLine(line: string): LogEvent | undefined {
  const [time, stream, ...message] = line.split("\t");
  const timestamp = Date.parse(time ?? "");
  if (Number.isNaN(timestamp) || stream === undefined) return undefined;
  return { timestamp, stream, message: message.join("\t").replaceAll("\r", "\n") };
}
