import type { Clock } from "../services";
import { type Metric, type MetricId, type Metrics, MINUTE_MS, RETENTION_MS } from "./contract";
import { Series } from "./series";

/** 14 MB of series. Beyond it, the one that was not measured for longest makes place, as a mistaken dimension may make many. */
const MAX_SERIES = 2_000;
/** Clocks on one machine agree; a sample of a later time than this is not one. */
const FUTURE_MS = 5 * MINUTE_MS;

export function createMetrics(clock: Clock, maxSeries = MAX_SERIES): Metrics {
  return new LocalMetrics(clock, maxSeries);
}

class LocalMetrics implements Metrics {
  private readonly series = new Map<string, Series>();

  constructor(
    private readonly clock: Clock,
    private readonly maxSeries: number,
  ) {}

  metric(id: MetricId): Metric {
    const key = keyOf(id);
    return {
      add: (value, at) => this.add(key, value, at),
      level: (value) => this.open(key).level(minuteOf(this.clock.now()), value),
    };
  }

  read(id: MetricId, from: number, to: number) {
    return this.series.get(keyOf(id))?.read(minuteOf(from), minuteOf(to));
  }

  private add(key: string, value: number, at?: number): void {
    const now = this.clock.now();
    const time = at ?? now;
    if (time > now - RETENTION_MS && time < now + FUTURE_MS) this.open(key).add(minuteOf(time), value);
  }

  private open(key: string): Series {
    let series = this.series.get(key);
    if (!series) {
      if (this.series.size >= this.maxSeries) this.evict();
      series = new Series();
      this.series.set(key, series);
    }
    return series;
  }

  private evict(): void {
    let oldest: [string, Series] | undefined;
    for (const entry of this.series) if (!oldest || entry[1].newest < oldest[1].newest) oldest = entry;
    if (oldest) this.series.delete(oldest[0]);
  }
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

/** The order of dimensions means nothing. */
function keyOf({ namespace, name, dimensions }: MetricId): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, ...sorted.flat()]);
}
