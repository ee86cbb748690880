export { createInstances, type InstancesOptions } from "./instances";
