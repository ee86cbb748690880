export { type FunctionCode, withFunctionCode } from "./code-endpoint";
export { createFunctions, type FunctionsOptions } from "./functions";
export { createLambdaEndpoint, type LambdaEndpointOptions } from "./lambda-endpoint";
