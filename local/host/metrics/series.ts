import { MINUTE_MS, RETENTION_MS, type Statistics } from "./contract";

/** The minutes kept, and the running one. */
const SLOTS = RETENTION_MS / MINUTE_MS + 1;
const NEVER = -1;
/** Sum, count, minimum and maximum of one minute. */
const FIELDS = 4;

/** The minutes of one metric, in a ring: 7 KB, however much is measured. Minutes are counted from the epoch. */
export class Series {
  /** The newest minute in it. */
  newest = NEVER;
  private readonly minutes = new Float64Array(SLOTS).fill(NEVER);
  private readonly values = new Float64Array(SLOTS * FIELDS);

  add(minute: number, value: number): void {
    const slot = this.slot(minute);
    if (slot === undefined) return;
    if (this.minutes[slot] !== minute) {
      this.begin(slot, minute, value);
      return;
    }
    const at = slot * FIELDS;
    this.values[at]! += value;
    this.values[at + 1]! += 1;
    this.values[at + 2] = Math.min(this.values[at + 2]!, value);
    this.values[at + 3] = Math.max(this.values[at + 3]!, value);
  }

  level(minute: number, value: number): void {
    const slot = this.slot(minute);
    if (slot === undefined) return;
    const before = this.minutes[slot] === minute ? this.values[slot * FIELDS + 3]! : value;
    this.begin(slot, minute, Math.max(before, value));
  }

  /** From minute `from` up to, and without, `to`. */
  read(from: number, to: number): Statistics | undefined {
    let found: Statistics | undefined;
    for (
      let minute = Math.max(from, this.newest - SLOTS + 1);
      minute < Math.min(to, this.newest + 1);
      minute++
    ) {
      const slot = minute % SLOTS;
      if (this.minutes[slot] !== minute) continue;
      const [sum, count, min, max] = this.values.subarray(slot * FIELDS) as unknown as number[];
      found = found
        ? {
            sum: found.sum + sum!,
            count: found.count + count!,
            min: Math.min(found.min, min!),
            max: Math.max(found.max, max!),
          }
        : { sum: sum!, count: count!, min: min!, max: max! };
    }
    return found;
  }

  /** Undefined for what is too old: its place is a newer minute's. */
  private slot(minute: number): number | undefined {
    if (minute <= this.newest - SLOTS) return undefined;
    this.newest = Math.max(this.newest, minute);
    return minute % SLOTS;
  }

  private begin(slot: number, minute: number, value: number): void {
    this.minutes[slot] = minute;
    this.values.set([value, 1, value, value], slot * FIELDS);
  }
}
