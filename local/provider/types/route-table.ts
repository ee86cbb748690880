import { type Properties, region, type TypeTable, tags } from "../property-table";

/** Targets that stand on this machine; peering, transit gateways and the like do not. */
const route: Properties = {
  cidrBlock: { type: "string" },
  egressOnlyGatewayId: { type: "string" },
  gatewayId: { type: "string" },
  ipv6CidrBlock: { type: "string" },
  natGatewayId: { type: "string" },
};

export const routeTable: TypeTable = {
  type: "aws:ec2/routeTable:RouteTable",
  inputs: {
    ...region,
    ...tags,
    routes: { type: { list: route } },
    vpcId: { type: "string", required: true, replaces: true },
  },
  outputs: { arn: {}, ownerId: {} },
};
