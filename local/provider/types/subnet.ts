import { region, type TypeTable, tags } from "../property-table";

/** Outposts, address pools and IPv6-only subnets are not listed. */
export const subnet: TypeTable = {
  type: "aws:ec2/subnet:Subnet",
  inputs: {
    ...region,
    ...tags,
    assignIpv6AddressOnCreation: { type: "boolean", default: false },
    availabilityZone: { type: "string", replaces: true },
    cidrBlock: { type: "string", required: true, replaces: true },
    enableDns64: { type: "boolean", default: false, only: [false] },
    enableResourceNameDnsARecordOnLaunch: { type: "boolean", default: false },
    enableResourceNameDnsAaaaRecordOnLaunch: { type: "boolean", default: false },
    ipv6CidrBlock: { type: "string", replacesAfter: "assignIpv6AddressOnCreation" },
    mapPublicIpOnLaunch: { type: "boolean", default: false },
    privateDnsHostnameTypeOnLaunch: { type: "string" },
    vpcId: { type: "string", required: true, replaces: true },
  },
  outputs: {
    arn: {},
    availabilityZone: {},
    availabilityZoneId: {},
    ipv6CidrBlockAssociationId: { changesWith: ["ipv6CidrBlock"] },
    ownerId: {},
  },
};
