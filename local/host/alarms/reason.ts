import type { AlarmSpec } from "./contract";
import type { Datapoint } from "./datapoints";
import type { Verdict } from "./evaluation";

export const NOT_EVALUATED = "Unchecked: Initial alarm creation";

const TREATED: Record<AlarmSpec["treatMissingData"], string> = {
  breaching: "Breaching",
  notBreaching: "NonBreaching",
  missing: "Missing",
  ignore: "Ignore",
};

const RELATION: Record<AlarmSpec["comparisonOperator"], string> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** As CloudWatch writes numbers: 1.0, 0.25. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** 1.0 (23/11/26 04:00:00) */
function point({ start, value }: Datapoint): string {
  const [date, time] = new Date(start).toISOString().split("T") as [string, string];
  const [year, month, day] = date.split("-") as [string, string, string];
  return `${decimal(value!)} (${day}/${month}/${year.slice(2)} ${time.slice(0, 8)})`;
}

function crossed(verdict: Verdict, spec: AlarmSpec): string {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparisonOperator } = spec;
  const alarm = verdict.state === "ALARM";
  const points = verdict.evaluated.filter(({ breaching }) => breaching === alarm);
  const be = points.length === 1 ? "was" : "were";
  const relation = `${alarm ? "" : "not "}${RELATION[comparisonOperator]} the threshold (${decimal(threshold)})`;
  const minimum = alarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const way = alarm ? "OK -> ALARM" : "ALARM -> OK";
  return (
    `${points.length} out of the last ${verdict.evaluated.length} datapoints ` +
    `[${points.map(point).reverse().join(", ")}] ${be} ${relation} ` +
    `(minimum ${counted(minimum, "datapoint")} for ${way} transition).`
  );
}

/** Why the alarm goes over into the verdict's state, in CloudWatch's words. */
export function reasonOf(verdict: Verdict, spec: AlarmSpec): string {
  const { state, evaluated, filled } = verdict;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${counted(filled, "datapoint")} ${filled === 1 ? "was" : "were"} unknown.`;
  }
  const missing = `${counted(filled, "missing datapoint")} ${filled === 1 ? "was" : "were"} treated as [${TREATED[spec.treatMissingData]}]`;
  if (evaluated.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${counted(spec.evaluationPeriods, "period")} and ${missing}.`;
  }
  // A breach that is not enough, beside missing ones that are none: nothing was measured that is well.
  if (state === "OK" && evaluated.every(({ breaching }) => breaching))
    return `Threshold Crossed: ${missing}.`;
  return `Threshold Crossed: ${crossed(verdict, spec)}${filled > 0 ? ` ${missing}.` : ""}`;
}
