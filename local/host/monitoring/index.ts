export { createMonitoringHandler, monitoringError } from "./monitoring-endpoint";
