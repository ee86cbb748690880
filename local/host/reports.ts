import type { AlarmReport, LifecyclePolicyReport, ResourceRecord } from "../protocol";
import { lifecyclePolicy, stateOf } from "./resources/lifecycle-policy";
import { metricAlarm } from "./resources/metric-alarm";
import type { Services } from "./services";

function tagsOf(record: ResourceRecord | undefined): Record<string, string> {
  return (record?.inputs.tags ?? {}) as Record<string, string>;
}

/** The alarms of the host's status. */
export function alarmReports(services: Services): AlarmReport[] {
  return services.alarms.list().map(({ spec, state, reason, since, actionError }) => ({
    name: spec.name,
    arn: spec.arn,
    state,
    reason,
    since: new Date(since).toISOString(),
    ...(spec.description === undefined ? {} : { description: spec.description }),
    tags: tagsOf(services.find(metricAlarm.type, spec.name)),
    ...(actionError === undefined ? {} : { actionError }),
  }));
}

/** The lifecycle policies of the host's status. */
export function lifecyclePolicyReports(services: Services): LifecyclePolicyReport[] {
  return services.all(lifecyclePolicy.type).map((record) => ({
    id: record.id,
    arn: String(record.outputs.arn),
    description: String(record.inputs.description),
    ...stateOf(services, record),
    tags: tagsOf(record),
  }));
}
