import type { AlarmSpec } from "../../local/host/services";

export const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:nami-orders";

/** One datapoint of a minute at or over 1 is an alarm; tells TOPIC_ARN. */
export function alarmSpec(changes: Partial<AlarmSpec> = {}): AlarmSpec {
  const name = changes.name ?? "dead-letters";
  return {
    name,
    arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
    metric: { namespace: "Test", name: "Errors", dimensions: { Name: "orders" } },
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "missing",
    actionsEnabled: true,
    actions: { OK: [], ALARM: [TOPIC_ARN], INSUFFICIENT_DATA: [] },
    ...changes,
  };
}
