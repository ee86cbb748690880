import { type Properties, region, type TypeTable, tags } from "../property-table";

const throttling: Properties = {
  throttlingBurstLimit: { type: "number", min: 0 },
  throttlingRateLimit: { type: "number", min: 0 },
  detailedMetricsEnabled: { type: "boolean" },
};

export const stage: TypeTable = {
  type: "aws:apigatewayv2/stage:Stage",
  autoName: { property: "name", maxLength: 128 },
  inputs: {
    ...region,
    ...tags,
    apiId: { type: "string", required: true, replaces: true },
    name: { type: "string", replaces: true, only: ["$default"] },
    autoDeploy: { type: "boolean", default: false, only: [true] },
    description: { type: "string" },
    accessLogSettings: {
      type: {
        object: {
          destinationArn: { type: "string", required: true },
          format: { type: "string", required: true },
        },
      },
    },
    defaultRouteSettings: { type: { object: throttling } },
    routeSettings: { type: { list: { routeKey: { type: "string", required: true }, ...throttling } } },
    stageVariables: { type: "map" },
  },
  outputs: { arn: {}, executionArn: {}, invokeUrl: {}, deploymentId: { changesWith: "*" } },
};
