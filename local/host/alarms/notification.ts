import { LOCAL_ACCOUNT } from "../../protocol";
import type { AlarmState, AlarmStatus, TopicMessage } from "../services";

/** What goes to a topic when an alarm has gone over from `before`: laid out as CloudWatch lays out its mails. */
export function notification(status: AlarmStatus, before: AlarmState): TopicMessage {
  const { spec, state, reason, since } = status;
  const region = spec.arn.split(":")[3]!;
  const time = new Date(since).toUTCString();
  const dimensions = Object.entries(spec.metric.dimensions).map(([name, value]) => `${name} = ${value}`);
  const lines = [
    `The CloudWatch alarm "${spec.name}" in ${region} is in the ${state} state since ${time}.`,
    "",
    reason,
    "",
    "Alarm Details:",
    `- Name: ${spec.name}`,
    `- Description: ${spec.description ?? ""}`,
    `- State Change: ${before} -> ${state}`,
    `- Reason for State Change: ${reason}`,
    `- Timestamp: ${time}`,
    `- AWS Account: ${LOCAL_ACCOUNT}`,
    `- Alarm Arn: ${spec.arn}`,
    "",
    "Threshold:",
    `- ALARM when the metric is ${spec.comparisonOperator} ${spec.threshold} for at least ` +
      `${spec.datapointsToAlarm} of the last ${spec.evaluationPeriods} period(s) of ${spec.period} seconds.`,
    "",
    "Monitored Metric:",
    `- MetricNamespace: ${spec.metric.namespace}`,
    `- MetricName: ${spec.metric.name}`,
    `- Dimensions: [${dimensions.join(", ")}]`,
    `- Period: ${spec.period} seconds`,
    `- Statistic: ${spec.statistic}`,
    `- TreatMissingData: ${spec.treatMissingData}`,
    "",
    "State Change Actions:",
    ...Object.entries(spec.actions).map(
      ([name, topics]) => `- ${name}: ${topics.map((t) => `[${t}]`).join(" ")}`,
    ),
  ];
  return { subject: `${state}: "${spec.name}" in ${region}`, text: lines.join("\n") };
}
