import { region, type TypeTable } from "../property-table";

const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock"];
const targets = ["egressOnlyGatewayId", "gatewayId", "natGatewayId"];

/** A route of a VPC's route table, standing apart from it. */
export const vpcRoute: TypeTable = {
  type: "aws:ec2/route:Route",
  inputs: {
    ...region,
    destinationCidrBlock: { type: "string", replaces: true },
    destinationIpv6CidrBlock: { type: "string", replaces: true },
    egressOnlyGatewayId: { type: "string" },
    gatewayId: { type: "string" },
    natGatewayId: { type: "string" },
    routeTableId: { type: "string", required: true, replaces: true },
  },
  outputs: { instanceId: {}, instanceOwnerId: {}, origin: {}, state: {} },
  // What is not known yet is not there, so that too few cannot be told from too early.
  rules: (inputs) =>
    [destinations, targets]
      .map((group) => group.filter((name) => name in inputs))
      .filter((given) => given.length > 1)
      .map((given) => `${given[0]} is not alone: a route has one of ${given.join(", ")}`),
};
