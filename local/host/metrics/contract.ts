/** The same name with other dimensions is another metric. */
export interface MetricId {
  /** e.g. "AWS/SQS". */
  namespace: string;
  name: string;
  /** e.g. { QueueName: "orders" }. */
  dimensions: Readonly<Record<string, string>>;
}

/** What was measured in a stretch of time. */
export interface Statistics {
  sum: number;
  /** Of samples, at least 1. */
  count: number;
  min: number;
  max: number;
}

/** One metric, for whom it is measured often. */
export interface Metric {
  /** One more sample. `at` is in milliseconds since the epoch; default: now. */
  add(value: number, at?: number): void;
  /** Of what stands at a level, such as a queue: one sample a minute, the highest level seen in it. */
  level(value: number): void;
}

/** Measurements by the minute, as CloudWatch keeps them; in memory, for RETENTION_MS. */
export interface Metrics {
  metric(id: MetricId): Metric;
  /**
   * From `from` up to, and without, `to`: milliseconds since the epoch, whole minutes.
   * @returns undefined when nothing was measured
   */
  read(id: MetricId, from: number, to: number): Statistics | undefined;
}

export const MINUTE_MS = 60_000;

/** An alarm cannot look further back. */
export const RETENTION_MS = 180 * MINUTE_MS;
