import type { AlarmReport, LifecyclePolicyReport, MongoStatus, ResourceRecord } from "../protocol";
import { instance } from "./resources/instance";
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

/** The databases of the host's status, with the names they are of. */
export function mongoReports(services: Services): Record<string, MongoStatus> {
  const named = Object.entries(services.instances.list()).map(([id, status]) => {
    const name = tagsOf(services.find(instance.type, id))["nami:name"];
    return [id, { ...(name !== undefined && { name }), ...status }] as const;
  });
  return Object.fromEntries(named);
}
