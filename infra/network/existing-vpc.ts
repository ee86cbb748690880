import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { infraError } from "../errors";
import type { Site, SiteArgs } from "./site";

/** What a subnet gives to what stands in it; how the VPC's owner made it so is his own affair. */
type Way = "public" | "private" | "dual-stack" | "any";

/**
 * A VPC of the user's. The host stands in a public subnet of the volume's zone; the functions too, unless they are to
 * have a way out by NAT, which private subnets have. Of several that fit, the first by id, so that the next run finds
 * the same. Throws VPC_SUBNET_MISSING.
 */
export function existingSite({ settings, zone }: SiteArgs, parent: pulumi.Resource): Site {
  const find = (way: Way) => subnetIds({ vpcId: settings.vpc, zone: zone?.name, way }, parent);
  const way = WAYS[settings.egress];
  if (!zone) {
    const all = find(way);
    return site(settings.vpc, all.apply(first), all);
  }
  const hostSubnetId = find("public").apply(first);
  const functionSubnetId = way === "any" ? hostSubnetId : find(way).apply(first);
  return site(settings.vpc, hostSubnetId, pulumi.all([functionSubnetId]));
}

/** The VPC is told once its subnets are found: nothing is begun in one that lacks them. */
function site(
  vpc: string,
  hostSubnetId: pulumi.Output<string>,
  functionSubnetIds: pulumi.Output<string[]>,
): Site {
  const vpcId = pulumi.all([hostSubnetId, functionSubnetIds]).apply(() => vpc);
  return { vpcId, hostSubnetId, functionSubnetIds, wayOut: [] };
}

const WAYS: Record<SiteArgs["settings"]["egress"], Way> = { none: "any", nat: "private", ipv6: "dual-stack" };

/** What DescribeSubnets tells the ways apart by. */
const FILTERS: Record<Way, { name: string; values: string[] }[]> = {
  public: [{ name: "map-public-ip-on-launch", values: ["true"] }],
  private: [{ name: "map-public-ip-on-launch", values: ["false"] }],
  "dual-stack": [{ name: "ipv6-cidr-block-association.state", values: ["associated"] }],
  any: [],
};

function first(ids: string[]): string {
  return ids[0]!;
}

/** Lambda takes at most 16 subnets (VpcConfig). */
const MOST_SUBNETS = 16;

function subnetIds(
  { vpcId, zone, way }: { vpcId: string; zone?: pulumi.Output<string>; way: Way },
  parent: pulumi.Resource,
): pulumi.Output<string[]> {
  const filters = [
    { name: "vpc-id", values: [vpcId] },
    ...(zone ? [{ name: "availability-zone", values: [zone] }] : []),
    ...FILTERS[way],
  ];
  return pulumi
    .all([aws.ec2.getSubnetsOutput({ filters }, { parent }), pulumi.output(zone)])
    .apply(([{ ids }, name]) => {
      if (ids.length > 0) return [...ids].sort().slice(0, MOST_SUBNETS);
      const where = name === undefined ? vpcId : `${vpcId} in ${name}, the zone of the data volume`;
      throw infraError("VPC_SUBNET_MISSING", { where, way: way === "any" ? "" : `${way} `, vpc: vpcId });
    });
}
