export { createLogMetrics } from "./log-metrics";
export { createLogs, type LogStore } from "./logs";
export { createLogsEndpoint } from "./logs-endpoint";
