export interface Metric {
  name: string;
  unit: "None" | "Count" | "Percent" | "Milliseconds";
  value: number;
}

/**
 * One line that CloudWatch Logs takes for metrics as well (the embedded metric format): no call and no permission is
 * needed beside writing the log. It must be the whole log event, so it may not go through console.log, which puts a time
 * and a request id before it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @param now milliseconds since the epoch
 */
export function metricLine(namespace: string, metrics: readonly Metric[], now: number): string {
  const declared = metrics.map(({ name, unit }) => ({ Name: name, Unit: unit }));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: declared }],
    },
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  });
}

/** Where the metrics of a name are: one namespace each. */
export function metricNamespace(name: string): string {
  return `Nami/${name}`;
}

/** What the watchdog measures. */
export const WATCHDOG_METRICS = {
  answers: "MongoAnswers",
  paused: "DeliveryPaused",
  disk: "MongoDiskUsed",
} as const;
