import { type Metrics, MINUTE_MS } from "../metrics/contract";
import { statisticOf } from "../metrics/statistics";
import { type AlarmSpec, type ComparisonOperator, EXTRA_PERIODS } from "./contract";

/** One period of an alarm's metric. */
export interface Datapoint {
  /** Milliseconds since the epoch. */
  start: number;
  /** Undefined when nothing was measured: missing. */
  value?: number;
  breaching: boolean;
}

const COMPARE: Record<ComparisonOperator, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Whether what is still to come in the running minute cannot undo a breach: counts and maxima only rise, minima only fall. */
function breachStays({ statistic, comparisonOperator }: AlarmSpec): boolean {
  const rises = statistic === "Sum" || statistic === "SampleCount" || statistic === "Maximum";
  return comparisonOperator.startsWith("Greater") ? rises : statistic === "Minimum";
}

/** The periods that end at `end`, oldest first. */
function endingAt(end: number, spec: AlarmSpec, metrics: Metrics): Datapoint[] {
  const length = spec.period * 1000;
  const first = end - length * (spec.evaluationPeriods + EXTRA_PERIODS);
  const points: Datapoint[] = [];
  for (let start = first; start < end; start += length) {
    const measured = metrics.read(spec.metric, start, start + length);
    const value = measured && statisticOf(measured, spec.statistic);
    const breaching = value !== undefined && COMPARE[spec.comparisonOperator](value, spec.threshold);
    points.push({ start, ...(value === undefined ? {} : { value }), breaching });
  }
  return points;
}

/**
 * What an alarm is evaluated on, oldest first: the evaluation range. As on AWS the periods move on with each minute,
 * whatever their length. The running minute counts as soon as it breaches for good, so that a dead letter shows within
 * seconds; otherwise the last period ends with the last whole minute, because half a minute is no measure of a rate
 * that is too low.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function datapoints(spec: AlarmSpec, metrics: Metrics, now: number): Datapoint[] {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  if (breachStays(spec)) {
    const withRunning = endingAt(minute + MINUTE_MS, spec, metrics);
    if (withRunning.at(-1)!.breaching) return withRunning;
  }
  return endingAt(minute, spec, metrics);
}
