import type { Inputs, ResourceRecord } from "../../local/protocol";
import { types } from "./network";

export const region = "us-east-1";
const IPV6 = "2001:db8:1:200::/56";
/** A resource as the host keeps it. */
export const record = (
  type: string,
  id: string,
  inputs: Inputs = {},
  outputs: Inputs = {},
): ResourceRecord => ({
  id,
  urn: id,
  type,
  inputs: { region, ...inputs },
  outputs,
});

/** A new VPC with public, private and dual-stack subnet, NAT, an instance behind `sg-mongo`, and a second VPC. */
export const drawnNetwork: ResourceRecord[] = [
  record(
    types.vpc,
    "vpc-a",
    { cidrBlock: "10.90.0.0/16" },
    {
      ipv6CidrBlock: IPV6,
      mainRouteTableId: "rtb-main",
      defaultSecurityGroupId: "sg-vpc-a",
    },
  ),
  record(
    types.vpc,
    "vpc-b",
    { cidrBlock: "10.91.0.0/16" },
    { mainRouteTableId: "rtb-b", defaultSecurityGroupId: "sg-b" },
  ),
  record(types.internetGateway, "igw-a", { vpcId: "vpc-a" }),
  record(types.egressOnlyGateway, "eigw-a", { vpcId: "vpc-a" }),
  ...["public", "private", "dual", "bare"].map((name, i) =>
    record(
      types.subnet,
      `subnet-${name}`,
      {
        vpcId: "vpc-a",
        cidrBlock: `10.90.${i}.0/24`,
        ...(name === "dual" ? { ipv6CidrBlock: "2001:db8:1:201::/64" } : {}),
      },
      { availabilityZone: "us-east-1a" },
    ),
  ),
  record(
    types.subnet,
    "subnet-b",
    { vpcId: "vpc-b", cidrBlock: "10.91.0.0/24" },
    { availabilityZone: "us-east-1a" },
  ),
  ...["public", "private", "dual"].flatMap((name) => [
    record(types.table, `rtb-${name}`, { vpcId: "vpc-a" }),
    record(types.association, `rtbassoc-${name}`, {
      routeTableId: `rtb-${name}`,
      subnetId: `subnet-${name}`,
    }),
  ]),
  record(types.natGateway, "nat-a", { subnetId: "subnet-public", allocationId: "eipalloc-a" }),
  record(types.route, "r-public", {
    routeTableId: "rtb-public",
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: "igw-a",
  }),
  record(types.route, "r-private", {
    routeTableId: "rtb-private",
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: "nat-a",
  }),
  record(types.route, "r-dual", {
    routeTableId: "rtb-dual",
    destinationIpv6CidrBlock: "::/0",
    egressOnlyGatewayId: "eigw-a",
  }),
  record(types.group, "sg-worker", { name: "worker" }, { vpcId: "vpc-a" }),
  record(types.group, "sg-mongo", { name: "mongo" }, { vpcId: "vpc-a" }),
  record(
    types.instance,
    "i-mongo",
    { vpcSecurityGroupIds: ["sg-mongo"] },
    {
      subnetId: "subnet-public",
      primaryNetworkInterfaceId: "eni-i",
    },
  ),
];
