export interface Logs {
  putGroup(name: string, retentionDays?: number): void;
  removeGroup(name: string): void;
  write(group: string, stream: string, text: string): void;
  /** Newest last. */
  tail(group: string, lines: number): string[];
}

export interface MetricFilterSpec {
  logGroup: string;
  /** Unique in its log group. */
  name: string;
  /** In AWS's syntax: see filter-pattern.ts. */
  pattern: string;
  namespace: string;
  metricName: string;
  /** What an event that matches counts: a number, or `$.field` of the event. */
  value: string;
  /** What an event that does not match counts; nothing when absent. */
  defaultValue?: number;
  /** Dimensions of the metric, each a field of the event, `$.field`; an event that lacks one of them counts nothing. */
  dimensions?: Record<string, string>;
}

/** Metrics that are read off log events. */
export interface LogMetrics {
  /** Throws AwsError InvalidParameterException. */
  putFilter(spec: MetricFilterSpec): void;
  removeFilter(logGroup: string, name: string): void;
  /** Every event of every group passes here once, when it is written. */
  read(logGroup: string, text: string): void;
}
