export type Level = "info" | "warn" | "error";
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

/** One JSON object a line, so that `nami logs` and CloudWatch Logs Insights can filter by field. */
export function jsonLog(name: string, write: (line: string) => void = console.log): Log {
  return (level, message, fields = {}) => {
    write(JSON.stringify({ level, message, name, ...fields }));
  };
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
