import { EXTRA_PERIODS } from "../../host/alarms/contract";
import { RETENTION_MS } from "../../host/metrics/contract";
import { statistics } from "../../host/metrics/statistics";
import { region, type TypeTable, tags } from "../property-table";

const REACH_SECONDS = RETENTION_MS / 1000;

/** Topics are all that can be told of an alarm here: neither machines nor scaling groups act on one. */
function otherActions(inputs: Record<string, unknown>): string[] {
  return ["alarmActions", "okActions", "insufficientDataActions"].flatMap((name) =>
    ((inputs[name] as unknown[] | undefined) ?? [])
      .filter((arn) => typeof arn === "string" && /^arn:aws:(?!sns:)/.test(arn))
      .map((arn) => `${name} has "${arn}"; Nami's local target can notify SNS topics only`),
  );
}

function timeRules({ period, evaluationPeriods, datapointsToAlarm }: Record<string, unknown>): string[] {
  const [length, count] = [Number(period), Number(evaluationPeriods)];
  return [
    ...(length % 60 > 0 ? [`period is ${length}; Nami's local target measures by the minute`] : []),
    ...(length * (count + EXTRA_PERIODS) > REACH_SECONDS
      ? [
          `evaluationPeriods is ${count} of ${length} s; Nami's local target keeps ${REACH_SECONDS} s, for those and ${EXTRA_PERIODS} periods more`,
        ]
      : []),
    ...(Number(datapointsToAlarm) > count
      ? [`datapointsToAlarm is ${datapointsToAlarm}; AWS allows up to evaluationPeriods (${count})`]
      : []),
  ];
}

/**
 * An alarm on one metric against a fixed threshold. Not listed: metric math, anomaly detection, percentiles, PromQL, and
 * `unit`, for measurements are kept without one.
 */
export const metricAlarm: TypeTable = {
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  autoName: { property: "name", maxLength: 255 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    actionsEnabled: { type: "boolean", default: true },
    alarmActions: { type: "set" },
    alarmDescription: { type: "string" },
    comparisonOperator: {
      type: "string",
      required: true,
      only: [
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
      ],
    },
    datapointsToAlarm: { type: "number", min: 1 },
    dimensions: { type: "map" },
    evaluationPeriods: { type: "number", required: true, min: 1 },
    insufficientDataActions: { type: "set" },
    metricName: { type: "string", required: true },
    namespace: { type: "string", required: true },
    okActions: { type: "set" },
    period: { type: "number", required: true, min: 60 },
    statistic: { type: "string", required: true, only: statistics },
    threshold: { type: "number", required: true },
    treatMissingData: {
      type: "string",
      default: "missing",
      only: ["missing", "notBreaching", "breaching", "ignore"],
    },
  },
  outputs: { arn: {} },
  rules: (inputs) => [...timeRules(inputs), ...otherActions(inputs)],
};
