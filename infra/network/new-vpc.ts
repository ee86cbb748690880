import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { namedTags } from "../tags";
import { ipv6Subnet } from "./ipv6-subnet";
import type { Site, SiteArgs, Zone } from "./site";

/** Of the VPC; the default VPC is 172.31.0.0/16, and most people's own begin at 10.0. */
const CIDR = "10.90.0.0/16";
/** Prefix length of every subnet: 251 addresses. */
const SUBNET_MASK = 24;
/** Far from the subnets that awsx counts up from the VPC's first address. */
const DUAL_STACK = { cidr: "10.90.128.0/24", index: 0x80 };

/** A VPC of the name's own, in the one zone where its volume is. It goes with the pipeline. */
export function newSite(logicalName: string, { settings, zone }: SiteArgs, parent: pulumi.Resource): Site {
  const { name, egress } = settings;
  const nat = egress === "nat";
  const vpc = new Vpc(
    `${logicalName}-vpc`,
    {
      cidrBlock: CIDR,
      ...zonesOf(zone!),
      enableDnsHostnames: true,
      // Costs nothing, and cannot be taken away again while a subnet has addresses of it.
      assignGeneratedIpv6CidrBlock: true,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrMask: SUBNET_MASK },
        ...(nat ? [{ type: "Private" as const, cidrMask: SUBNET_MASK }] : []),
      ],
      natGateways: { strategy: nat ? "Single" : "None" },
      tags: namedTags(name, `${logicalName}-vpc`),
    },
    { parent },
  );
  const hostSubnetId = vpc.publicSubnetIds[0]!;
  const { vpcId } = vpc;
  if (nat)
    return { vpcId, hostSubnetId, functionSubnetIds: pulumi.all([vpc.privateSubnetIds[0]!]), wayOut: [vpc] };
  if (egress === "none")
    return { vpcId, hostSubnetId, functionSubnetIds: pulumi.all([hostSubnetId]), wayOut: [] };
  return { vpcId, hostSubnetId, ...dualStackSubnet(logicalName, { name, vpcId, zone: zone! }, parent) };
}

/** A preview before the zone is known shows one subnet all the same. */
function zonesOf({ known }: Zone) {
  return known === undefined ? { numberOfAvailabilityZones: 1 } : { availabilityZoneNames: [known] };
}

/** Out by IPv6 only, and nobody in: an egress-only gateway costs nothing, where a NAT gateway is paid by the hour. */
function dualStackSubnet(
  logicalName: string,
  { name, vpcId, zone }: { name: string; vpcId: pulumi.Output<string>; zone: Zone },
  parent: pulumi.Resource,
): Pick<Site, "functionSubnetIds" | "wayOut"> {
  const child = { parent };
  const own = `${logicalName}-ipv6`;
  const tags = namedTags(name, own);
  const gateway = new aws.ec2.EgressOnlyInternetGateway(own, { vpcId, tags }, child);
  const routes = new aws.ec2.RouteTable(
    own,
    { vpcId, routes: [{ ipv6CidrBlock: "::/0", egressOnlyGatewayId: gateway.id }], tags },
    child,
  );
  const { ipv6CidrBlock } = aws.ec2.getVpcOutput({ id: vpcId }, child);
  const subnet = new aws.ec2.Subnet(
    own,
    {
      vpcId,
      availabilityZone: zone.name,
      cidrBlock: DUAL_STACK.cidr,
      ipv6CidrBlock: ipv6CidrBlock.apply((block) => ipv6Subnet(block, DUAL_STACK.index)),
      assignIpv6AddressOnCreation: true,
      tags,
    },
    child,
  );
  const association = new aws.ec2.RouteTableAssociation(
    own,
    { routeTableId: routes.id, subnetId: subnet.id },
    child,
  );
  return { functionSubnetIds: pulumi.all([subnet.id]), wayOut: [association] };
}
