import { type Properties, region, type TypeTable, tags } from "../property-table";
import { groupDescriptionRules } from "./group-description";

const rule: Properties = {
  cidrBlocks: { type: "set" },
  description: { type: "string" },
  fromPort: { type: "number", required: true },
  ipv6CidrBlocks: { type: "set" },
  prefixListIds: { type: "set" },
  protocol: { type: "string", required: true },
  securityGroups: { type: "set" },
  self: { type: "boolean" },
  toPort: { type: "number", required: true },
};

export const securityGroup: TypeTable = {
  type: "aws:ec2/securityGroup:SecurityGroup",
  autoName: { property: "name", maxLength: 255 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    description: { type: "string", default: "Managed by Pulumi", replaces: true },
    egress: { type: { list: rule } },
    ingress: { type: { list: rule } },
    revokeRulesOnDelete: { type: "boolean", default: false },
    vpcId: { type: "string", replaces: true },
  },
  outputs: { arn: {}, ownerId: {}, vpcId: {} },
  rules: groupDescriptionRules,
};
