import type { Level, Log } from "../../runtime/log";

export interface LogLine {
  level: Level;
  message: string;
  fields: Record<string, unknown>;
}

/** A log that remembers. */
export function recordedLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { lines, log: (level, message, fields = {}) => lines.push({ level, message, fields }) };
}
