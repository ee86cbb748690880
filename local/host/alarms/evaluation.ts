import type { AlarmSpec, AlarmState } from "./contract";
import type { Datapoint } from "./datapoints";

/** What the datapoints say. */
export interface Verdict {
  state: AlarmState;
  /** The datapoints it rests on, oldest first: at most as many as the alarm's evaluation periods. */
  evaluated: Datapoint[];
  /** How many missing ones were filled in beside them. */
  filled: number;
}

type Rules = Pick<AlarmSpec, "evaluationPeriods" | "datapointsToAlarm" | "treatMissingData">;

/**
 * "M out of N" over the evaluation range, with CloudWatch's rules for missing data. Missing ones are filled in only as
 * far as the existing ones, wherever they lie in the range, are fewer than N.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * @param range oldest first
 * @returns undefined when the alarm keeps its state
 */
export function evaluate(range: readonly Datapoint[], rules: Rules): Verdict | undefined {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rules;
  const evaluated = range.filter(({ value }) => value !== undefined).slice(-evaluationPeriods);
  const filled = evaluationPeriods - evaluated.length;
  const breaching = evaluated.filter((point) => point.breaching).length;
  const verdict = (state: AlarmState): Verdict => ({ state, evaluated, filled });
  if (breaching >= datapointsToAlarm) return verdict("ALARM");
  if (filled === 0 || treatMissingData === "notBreaching") return verdict("OK");
  if (treatMissingData === "breaching") {
    return verdict(breaching + filled >= datapointsToAlarm ? "ALARM" : "OK");
  }
  if (breaching < evaluated.length) return verdict("OK");
  if (treatMissingData === "ignore") return undefined;
  return verdict(breachedLongEnough(range, datapointsToAlarm) ? "ALARM" : "INSUFFICIENT_DATA");
}

/** Whether the oldest datapoint, which breaches as all do that exist, lies as many periods back as must breach. */
function breachedLongEnough(range: readonly Datapoint[], datapointsToAlarm: number): boolean {
  const oldest = range.findIndex((point) => point.breaching);
  return oldest >= 0 && range.length - oldest >= datapointsToAlarm;
}
