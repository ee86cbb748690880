import { region, type TypeTable, tags } from "../property-table";

export const domainName: TypeTable = {
  type: "aws:apigatewayv2/domainName:DomainName",
  inputs: {
    ...region,
    ...tags,
    domainName: { type: "string", required: true, replaces: true },
    domainNameConfiguration: {
      required: true,
      type: {
        object: {
          certificateArn: { type: "string", required: true },
          endpointType: { type: "string", required: true, only: ["REGIONAL"] },
          securityPolicy: { type: "string", required: true, only: ["TLS_1_2"] },
          ipAddressType: { type: "string" },
        },
      },
    },
  },
  // AWS adds `targetDomainName` and `hostedZoneId` within domainNameConfiguration.
  outputs: { apiMappingSelectionExpression: {}, arn: {}, domainNameConfiguration: {} },
};
