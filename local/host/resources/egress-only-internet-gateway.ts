import { ec2Id } from "../ids";
import { vpcNamed } from "../network/checks";
import type { ResourceKind } from "../services";

/** The way out for IPv6: nobody comes in by it. */
export const egressOnlyInternetGateway: ResourceKind = {
  type: "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  async create(services, { inputs }) {
    vpcNamed(services.network.in(String(inputs.region)), String(inputs.vpcId));
    return { id: ec2Id("eigw"), outputs: {} };
  },
};
