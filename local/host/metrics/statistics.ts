import type { Statistics } from "./contract";

/** What CloudWatch calls a statistic, of those that this host computes: percentiles would need every sample. */
export type Statistic = "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";

const COMPUTE: Record<Statistic, (measured: Statistics) => number> = {
  Average: ({ sum, count }) => sum / count,
  Maximum: ({ max }) => max,
  Minimum: ({ min }) => min,
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
};

export const statistics = Object.keys(COMPUTE) as Statistic[];

export function statisticOf(measured: Statistics, statistic: Statistic): number {
  return COMPUTE[statistic](measured);
}
