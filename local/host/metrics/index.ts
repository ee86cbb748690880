export { createMetrics } from "./metrics";
export { sampleQueues } from "./queue-metrics";
