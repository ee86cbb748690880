import { region, type TypeTable, tags } from "../property-table";

const ipv6 = ["assignGeneratedIpv6CidrBlock"] as const;

/** Address management (IPAM) is not listed: this machine has no pools to take blocks from. */
export const vpc: TypeTable = {
  type: "aws:ec2/vpc:Vpc",
  inputs: {
    ...region,
    ...tags,
    assignGeneratedIpv6CidrBlock: { type: "boolean" },
    cidrBlock: { type: "string", required: true, replaces: true },
    enableDnsHostnames: { type: "boolean" },
    enableDnsSupport: { type: "boolean", default: true },
    enableNetworkAddressUsageMetrics: { type: "boolean" },
    instanceTenancy: { type: "string", default: "default" },
  },
  outputs: {
    arn: {},
    defaultNetworkAclId: {},
    defaultRouteTableId: {},
    defaultSecurityGroupId: {},
    dhcpOptionsId: {},
    ipv6AssociationId: { changesWith: ipv6 },
    ipv6CidrBlock: { changesWith: ipv6 },
    mainRouteTableId: {},
    ownerId: {},
  },
};
