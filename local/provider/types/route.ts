import { region, type TypeTable } from "../property-table";

export const route: TypeTable = {
  type: "aws:apigatewayv2/route:Route",
  inputs: {
    ...region,
    apiId: { type: "string", required: true, replaces: true },
    routeKey: { type: "string", required: true },
    target: { type: "string", required: true },
    apiKeyRequired: { type: "boolean", default: false, only: [false] },
    authorizationType: { type: "string", default: "NONE", only: ["NONE"] },
    operationName: { type: "string" },
  },
  outputs: {},
  rules: ({ routeKey, target }) => [
    ...(typeof routeKey === "string" && !/^(\$default|[A-Z]+ \/\S*)$/.test(routeKey)
      ? [`routeKey is "${routeKey}"; AWS wants "METHOD /path" or "$default"`]
      : []),
    ...(typeof target === "string" && !/^integrations\/./.test(target)
      ? [`target is "${target}"; AWS wants "integrations/<integration id>"`]
      : []),
  ],
};
