import { region, type TypeTable, tags } from "../property-table";

export const api: TypeTable = {
  type: "aws:apigatewayv2/api:Api",
  autoName: { property: "name", maxLength: 128 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string" },
    description: { type: "string" },
    protocolType: { type: "string", required: true, replaces: true, only: ["HTTP"] },
    apiKeySelectionExpression: { type: "string", default: "$request.header.x-api-key" },
    routeSelectionExpression: { type: "string", default: "$request.method $request.path" },
    disableExecuteApiEndpoint: { type: "boolean", default: false, only: [false] },
    ipAddressType: { type: "string", default: "ipv4" },
    version: { type: "string" },
  },
  outputs: { apiEndpoint: {}, arn: {}, executionArn: {} },
};
