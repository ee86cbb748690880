export { createParameters } from "./parameters";
export { createSsmEndpoint } from "./ssm-endpoint";
