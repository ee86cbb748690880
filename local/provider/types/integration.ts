import { region, type TypeTable } from "../property-table";

export const integration: TypeTable = {
  type: "aws:apigatewayv2/integration:Integration",
  inputs: {
    ...region,
    apiId: { type: "string", required: true, replaces: true },
    integrationType: { type: "string", required: true, replaces: true, only: ["AWS_PROXY"] },
    integrationUri: { type: "string", required: true },
    integrationMethod: { type: "string" },
    connectionType: { type: "string", default: "INTERNET", only: ["INTERNET"] },
    description: { type: "string" },
    payloadFormatVersion: { type: "string", default: "1.0", only: ["2.0"] },
    timeoutMilliseconds: { type: "number", default: 30_000, min: 50, max: 30_000 },
  },
  outputs: { integrationResponseSelectionExpression: {} },
};
