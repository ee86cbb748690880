import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { findHost } from "../../local/host/client";
import { type AskedPlace, clientSettings } from "./client-settings";

/** An alarm of a name, as CloudWatch has it. */
export interface AlarmState {
  name: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** What it means and what to run. */
  description: string;
  /** Why it is in this state, in CloudWatch's words. */
  reason: string;
  /** ISO 8601. */
  since: string;
}

/** DescribeAlarms takes at most 100 names, and a name has fewer alarms. */
async function describe(place: AskedPlace, request: object, signal?: AbortSignal): Promise<MetricAlarm[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient(await clientSettings(place));
  try {
    const found: MetricAlarm[] = [];
    for await (const page of paginateDescribeAlarms({ client }, request, { abortSignal: signal }))
      found.push(...(page.MetricAlarms ?? []));
    return found;
  } finally {
    client.destroy();
  }
}

/** How the given alarms are. Throws what the SDK does. */
export async function alarmsOf(place: AskedPlace, names: readonly string[]): Promise<AlarmState[]> {
  if (names.length === 0) return [];
  const found = await describe(place, { AlarmNames: names });
  return found.map((alarm) => ({
    name: alarm.AlarmName ?? "",
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
    description: alarm.AlarmDescription ?? "",
    reason: alarm.StateReason ?? "",
    since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0)).toISOString(),
  }));
}

/** How long a list of names waits to hear of their alarms. Milliseconds. */
const PATIENCE = 4_000;

/**
 * The names of all alarms that have gone off at a place; undefined when it does not answer soon. On this machine the host
 * is asked without the SDK, which would take longer to load than all the rest of a list takes.
 */
export async function ringingAlarms(place: AskedPlace): Promise<ReadonlySet<string> | undefined> {
  try {
    if (place.target === "local") {
      const host = await findHost(place.home);
      const ringing = host?.alarms.filter(({ state }) => state === "ALARM");
      return ringing && new Set(ringing.map(({ name }) => name));
    }
    const request = { AlarmNamePrefix: "nami-", StateValue: "ALARM" };
    const found = await describe(place, request, AbortSignal.timeout(PATIENCE));
    return new Set(found.map(({ AlarmName }) => AlarmName ?? ""));
  } catch {
    return undefined;
  }
}
