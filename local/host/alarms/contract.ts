import type { MetricId } from "../metrics/contract";
import type { Statistic } from "../metrics/statistics";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type ComparisonOperator =
  | "GreaterThanOrEqualToThreshold"
  | "GreaterThanThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold";

export type MissingData = "missing" | "notBreaching" | "breaching" | "ignore";

export interface AlarmSpec {
  name: string;
  arn: string;
  description?: string;
  metric: MetricId;
  statistic: Statistic;
  /** Seconds, a multiple of 60. */
  period: number;
  /** N of "M out of N". */
  evaluationPeriods: number;
  /** M. */
  datapointsToAlarm: number;
  threshold: number;
  comparisonOperator: ComparisonOperator;
  treatMissingData: MissingData;
  actionsEnabled: boolean;
  /** ARNs of topics that are told when the alarm goes over into the state. */
  actions: Record<AlarmState, string[]>;
}

/**
 * CloudWatch looks at more periods than an alarm evaluates, so that late data are found; how many more it does not
 * say. Its documentation's examples look at five for an alarm of three.
 */
export const EXTRA_PERIODS = 2;

/** How an alarm stands. Times in milliseconds since the epoch. */
export interface AlarmStatus {
  spec: AlarmSpec;
  state: AlarmState;
  /** Why it went over into this state, in CloudWatch's words. */
  reason: string;
  /** Since when it is in this state. */
  since: number;
  /** When the alarm was made or changed. */
  configuredAt: number;
  /** Of the last notification, if it could not be made: AWS tells it in the alarm's history. */
  actionError?: string;
}

/** CloudWatch metric alarms. */
export interface Alarms {
  /**
   * A new alarm is INSUFFICIENT_DATA until it is evaluated; a changed one keeps its state, as on AWS.
   * `restored` for one that comes back after a restart of the host, in the state it had.
   */
  put(spec: AlarmSpec, options?: { restored?: boolean }): void;
  remove(arn: string): void;
  /** In the order in which they were put. */
  list(): AlarmStatus[];
  /** Measures what must be asked, and evaluates every alarm; the host calls it every few seconds. */
  evaluate(): void;
  close(): void;
}
