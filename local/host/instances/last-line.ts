import { existsSync, readFileSync } from "node:fs";

/** The last line of a log; undefined when it says nothing. */
export function lastLineOf(log: string): string | undefined {
  if (!existsSync(log)) return undefined;
  return readFileSync(log, "utf8").trim().split("\n").at(-1) || undefined;
}
