import { secretHider } from "./hide-secrets";

export type Level = "info" | "warn" | "error";
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

export interface LogOptions {
  /** Texts that stand in no line, however deep in a field: an error of the user's code may say anything. */
  secrets?: readonly string[];
  write?(line: string): void;
}

/** One JSON object a line, so that `nami logs` and CloudWatch Logs Insights can filter by field. */
export function jsonLog(name: string, { secrets = [], write = console.log }: LogOptions = {}): Log {
  const hide = secretHider(secrets);
  const hidden = (_: string, value: unknown) => (typeof value === "string" ? hide(value) : value);
  return (level, message, fields = {}) => {
    // Names of fields are Nami's own; a secret that equals one is none of its values.
    const told = JSON.parse(JSON.stringify({ message, ...fields }, hidden)) as Record<string, unknown>;
    const { message: text, ...others } = told;
    write(JSON.stringify({ level, message: text, name, ...others }));
  };
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A stack is for people to read, and a log event costs by its size. Characters. */
const MAX_STACK = 4_000;

/**
 * The stack of whatever was thrown, as far as there is one: through the source map of the bundle, which names files of the
 * user as if they lay beside it. It ends with the last of those: who called the user's code says nothing to anybody, nor
 * does the folder of the bundle.
 */
export function stackOf(error: unknown, bundle: string = __filename): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  const folder = bundle.slice(0, bundle.lastIndexOf("/") + 1);
  const isUsers = (line: string) =>
    /^ {4}at /.test(line) && line.includes(folder) && !line.includes(`${bundle}:`);
  const lines = stack?.split("\n") ?? [];
  const last = lines.findLastIndex(isUsers);
  const told = last < 0 ? lines : lines.slice(0, last + 1);
  return stack && told.join("\n").replaceAll(folder, "").slice(0, MAX_STACK);
}
