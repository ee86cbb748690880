import { region, type TypeTable, tags } from "../property-table";

export const internetGateway: TypeTable = {
  type: "aws:ec2/internetGateway:InternetGateway",
  inputs: { ...region, ...tags, vpcId: { type: "string" } },
  outputs: { arn: {}, ownerId: {} },
};
