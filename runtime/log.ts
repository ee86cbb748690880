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

/** A stack is for people to read, and a log event costs by its size. Characters. */
const MAX_STACK = 4_000;

/**
 * The stack of whatever was thrown, as far as there is one: through the source map of the bundle, if it has one, so that
 * it names files as the user has them. The folder of the bundle says nothing to anybody and is left out.
 */
export function stackOf(error: unknown, folder: string = __dirname): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack?.replaceAll(`${folder}/`, "").slice(0, MAX_STACK);
}
