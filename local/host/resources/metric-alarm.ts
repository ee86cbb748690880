import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { AlarmSpec, ResourceKind } from "../services";

function spec(inputs: Inputs): AlarmSpec {
  const name = String(inputs.name);
  const topics = (property: string) => (inputs[property] as string[] | undefined) ?? [];
  const evaluationPeriods = Number(inputs.evaluationPeriods);
  return {
    name,
    arn: arn("cloudwatch", String(inputs.region), `alarm:${name}`),
    ...(inputs.alarmDescription === undefined ? {} : { description: String(inputs.alarmDescription) }),
    metric: {
      namespace: String(inputs.namespace),
      name: String(inputs.metricName),
      dimensions: (inputs.dimensions ?? {}) as Record<string, string>,
    },
    statistic: inputs.statistic as AlarmSpec["statistic"],
    period: Number(inputs.period),
    evaluationPeriods,
    datapointsToAlarm: Number(inputs.datapointsToAlarm ?? evaluationPeriods),
    threshold: Number(inputs.threshold),
    comparisonOperator: inputs.comparisonOperator as AlarmSpec["comparisonOperator"],
    treatMissingData: inputs.treatMissingData as AlarmSpec["treatMissingData"],
    actionsEnabled: inputs.actionsEnabled !== false,
    actions: {
      OK: topics("okActions"),
      ALARM: topics("alarmActions"),
      INSUFFICIENT_DATA: topics("insufficientDataActions"),
    },
  };
}

/** Evaluated by the host every few seconds. As on AWS, nobody checks that its metric and its topics exist. */
export const metricAlarm: ResourceKind = {
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      // PutMetricAlarm would change it; the AWS provider refuses to take over another program's alarm.
      throw new AwsError("AlreadyExists", `CloudWatch metric alarm "${name}" already exists`, 409);
    }
    const made = spec(inputs);
    services.alarms.put(made);
    return { id: name, outputs: { arn: made.arn } };
  },
  async restore(services, record) {
    services.alarms.put(spec(record.inputs), { restored: true });
  },
  async update(services, record, inputs) {
    services.alarms.put(spec(inputs));
    return record.outputs;
  },
  async delete(services, record) {
    services.alarms.remove(String(record.outputs.arn));
  },
};
