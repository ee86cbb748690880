import { colors, type Io } from "../io";
import type { LogEvent } from "../operate/logs";
import { plain } from "./plain";

/** A line of Nami's own, taken apart; of any other, the text alone. */
export interface LogLine {
  /** ISO 8601, UTC. */
  time: string;
  function: string;
  level?: string;
  message: string;
  fields?: Record<string, unknown>;
}

/** Before every line of `console.log`, in the log format Text: time, request id, level. */
const PREFIX = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[\w-]+\t(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(?=\{)/;

/** What is written for each invocation, and metrics as text: they would hide what the code says. */
const PLATFORM = /^(?:(?:START|END|REPORT|INIT_START) |\{"_aws":)/;

export function isPlatform(message: string): boolean {
  return PLATFORM.test(message.replace(PREFIX, ""));
}

function ours(text: string): Pick<LogLine, "level" | "message" | "fields"> | undefined {
  const json = text.replace(PREFIX, "").trim();
  if (!json.startsWith("{")) return undefined;
  try {
    const { level, message, name: _, ...fields } = JSON.parse(json) as Record<string, unknown>;
    if (typeof level !== "string" || typeof message !== "string") return undefined;
    return { level, message, ...(Object.keys(fields).length > 0 && { fields }) };
  } catch {
    return undefined;
  }
}

/** What a log event says. `functionOf` names the function of a log group. */
export function readLine({ time, message, group }: LogEvent, functionOf: (group: string) => string): LogLine {
  const at = { time: new Date(time).toISOString(), function: functionOf(group) };
  return { ...at, ...(ours(message) ?? { message: message.replace(/\s+$/, "") }) };
}

function fieldText([name, value]: [string, unknown]): string {
  const text = typeof value === "string" && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
  return `${name}=${text}`;
}

/** Every line of a text further in. */
const indented = (text: string) => text.replace(/^/gm, "    ");

/** A line for a person: time, function, level, message, fields; a stack below it as it was written. */
export function logText(io: Io, line: LogLine): string {
  const { dim, red, yellow, bold } = colors(io);
  const { stack, ...fields } = line.fields ?? {};
  const head = `${dim(line.time)} ${line.function.padEnd(10)}`;
  if (!line.level) return `${head} ${dim(plain(line.message))}`;
  const paint = { error: red, warn: yellow }[line.level] ?? ((text: string) => text);
  const more = plain(Object.entries(fields).map(fieldText).join(" "));
  const text = `${head} ${paint(line.level.padEnd(5))} ${bold(plain(line.message))}${more && `  ${more}`}`;
  return typeof stack === "string" ? `${text}\n${indented(plain(stack))}` : text;
}
