import { region, type TypeTable } from "../property-table";

export const apiMapping: TypeTable = {
  type: "aws:apigatewayv2/apiMapping:ApiMapping",
  inputs: {
    ...region,
    apiId: { type: "string", required: true },
    domainName: { type: "string", required: true, replaces: true },
    stage: { type: "string", required: true },
    apiMappingKey: { type: "string", only: [""] },
  },
  outputs: {},
};
