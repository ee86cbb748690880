const UNITS = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

/** A span in its largest fitting unit: "0 s", "59 s", "3 min", "5 h", "12 d". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** A moment both ways: "3 min ago (2026-01-02 03:04:05Z)". */
export function moment(when: string | Date, now: number): string {
  const date = new Date(when);
  return `${span(now - date.getTime())} ago (${absolute(date)})`;
}

/** "2026-01-02 03:04:05Z" */
export function absolute(when: string | Date): string {
  return `${new Date(when).toISOString().slice(0, 19).replace("T", " ")}Z`;
}
