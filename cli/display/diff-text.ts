import { colors, type Io } from "../io";
import type { Action, Change } from "./diff";

export const SIGNS: Record<Action, string> = { create: "+", update: "~", replace: "±", delete: "-" };

/** A sign in the colour of what it means. */
export function sign(io: Io, action: Action): string {
  const { green, yellow, magenta, red } = colors(io);
  const paint = { create: green, update: yellow, replace: magenta, delete: red }[action];
  return paint(SIGNS[action]);
}

/** A change as lines: the resource, then each property's old and new value, and which of them make it anew. */
export function changeLines(io: Io, change: Change): string[] {
  const { dim } = colors(io);
  const reasons = change.properties.filter(({ replaces }) => replaces).map(({ path }) => path);
  const why =
    change.action === "replace" ? dim(`  made anew because of ${reasons.join(", ") || "a dependency"}`) : "";
  const head = `  ${sign(io, change.action)} ${change.type} ${change.name}${why}`;
  const lines = change.properties.map(({ path, before, after }) => `      ${path}: ${before} → ${after}`);
  return [head, ...lines];
}
