import { setTimeout as sleep } from "node:timers/promises";
import { jsonLog } from "./log";
import { type Metric, metricLine, metricNamespace, WATCHDOG_METRICS } from "./metric-line";
import type { WatchdogSettings } from "./settings";
import { callsFromEnv } from "./watchdog-ports";
import { isPaused, look, type Report, round } from "./watchdog-round";

/** A clock's event, or the command's: "look" changes nothing. */
export type WatchdogRequest = { action?: "look" | "round" };

/**
 * The watchdog Lambda: every minute it sees whether MongoDB answers, and stops or starts delivery to the worker.
 * It stands outside of the VPC, where AWS's own endpoints are reached without a NAT gateway; MongoDB it asks through the
 * operator. Throws at a cold start when its environment is incomplete, and what AWS refuses.
 */
export function createHandler({ name }: WatchdogSettings): (request: WatchdogRequest) => Promise<Report> {
  const ports = {
    ...callsFromEnv(),
    sleep: (milliseconds: number) => sleep(milliseconds),
    now: Date.now,
    log: jsonLog(name),
  };
  return async ({ action }) => {
    if (action === "look") return look(ports);
    const report = await round(ports);
    process.stdout.write(`${metricLine(metricNamespace(name), metricsOf(report), Date.now())}\n`);
    return report;
  };
}

/** A disk that is not told (a MongoDB of one's own may not say) is no metric: its alarm then stays quiet. */
export function metricsOf({ health, state }: Report): Metric[] {
  const disk = health.diskUsedPercent;
  return [
    { name: WATCHDOG_METRICS.answers, unit: "Count", value: health.answers ? 1 : 0 },
    { name: WATCHDOG_METRICS.paused, unit: "Count", value: isPaused(state) ? 1 : 0 },
    ...(disk === undefined ? [] : [{ name: WATCHDOG_METRICS.disk, unit: "Percent" as const, value: disk }]),
  ];
}
