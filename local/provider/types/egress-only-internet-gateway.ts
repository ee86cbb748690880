import { region, type TypeTable, tags } from "../property-table";

export const egressOnlyInternetGateway: TypeTable = {
  type: "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  inputs: { ...region, ...tags, vpcId: { type: "string", required: true, replaces: true } },
  outputs: {},
};
