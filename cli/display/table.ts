import Table from "cli-table3";
import { colors, type Io } from "../io";

const EDGES = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
] as const;
const LINES = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"] as const;
const bare = Object.fromEntries([...EDGES, ...LINES].map((part) => [part, ""]));

/**
 * Rows under their heads, as text without a line end. No borders: two spaces part the columns, so that `awk` and
 * a person both can read it; on a terminal the heads are dim.
 */
export function table(io: Io, head: string[], rows: string[][]): string {
  const view = new Table({
    head: head.map((cell) => colors(io).dim(cell)),
    chars: { ...bare, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  view.push(...rows);
  return trimmed(view.toString());
}

/** Names and values in two columns. */
export function facts(io: Io, rows: [name: string, value: string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${colors(io).dim(name.padEnd(width))}  ${value}`).join("\n");
}

function trimmed(text: string): string {
  return text
    .split("\n")
    .map((row) => row.trimEnd())
    .join("\n");
}
