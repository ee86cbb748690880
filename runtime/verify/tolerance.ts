import type { Ask } from "./preset";

/** How a time is written: seconds or milliseconds since the epoch, ISO 8601, or any of these. */
export type TimeUnit = "s" | "ms" | "iso" | "any";

/** Beyond this a number means milliseconds: as seconds it would be the year 5138. */
const MOST_SECONDS = 1e11;

/** With its zone: without one it would mean another time on each machine, and its end could be that of something else. */
const ISO = /^\d{4}-\d\d-\d\dT[\d:]+(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds since the epoch; undefined when the text is no such time. */
export function parseTime(text: string, unit: TimeUnit): number | undefined {
  if (unit === "iso" || (unit === "any" && text.includes("-"))) {
    const time = ISO.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  }
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return unit === "s" || (unit === "any" && value < MOST_SECONDS) ? value * 1000 : value;
}

/** Where the provider names no limit: one that was asked for counts. `time` and `now` in milliseconds since the epoch. */
export function lateIfAsked(
  time: number,
  { settings, now }: Pick<Ask, "settings" | "now">,
): string | undefined {
  return settings.tolerance === undefined ? undefined : timeProblem(time, settings.tolerance, now);
}

/**
 * Why a signed time does not count; undefined when it is within the tolerance.
 * @param tolerance seconds, into the past and into the future: clocks differ
 * @param now milliseconds since the epoch
 */
export function timeProblem(time: number, tolerance: number, now: number): string | undefined {
  const away = Math.round(Math.abs(now - time) / 1000);
  if (away <= tolerance) return undefined;
  return `it was signed ${away} s ${time < now ? "ago" : "in the future"}; ${tolerance} s are allowed`;
}
