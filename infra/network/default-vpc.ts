import * as aws from "@pulumi/aws";
// The whole of awsx loads a container toolchain that is not needed here: 0.1 s of every run.
import { DefaultVpc } from "@pulumi/awsx/ec2/defaultVpc";
import * as pulumi from "@pulumi/pulumi";
import { infraError } from "../errors";
import type { Site, Zone } from "./site";

/** The VPC that every account has in every region, and its public subnet in the zone. Throws SUBNET_MISSING. */
export function defaultSite(logicalName: string, zone: Zone, parent: pulumi.Resource): Site {
  const { vpcId } = new DefaultVpc(`${logicalName}-vpc`, {}, { parent });
  const subnetId = defaultSubnetId(vpcId, zone.name, parent);
  return { vpcId, hostSubnetId: subnetId, functionSubnetIds: pulumi.all([subnetId]), wayOut: [] };
}

function defaultSubnetId(
  vpcId: pulumi.Output<string>,
  zone: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const filters = [
    { name: "vpc-id", values: [vpcId] },
    { name: "availability-zone", values: [zone] },
    { name: "default-for-az", values: ["true"] },
  ];
  return pulumi.all([aws.ec2.getSubnetsOutput({ filters }, { parent }), zone]).apply(([{ ids }, name]) => {
    if (ids[0]) return ids[0];
    throw infraError("SUBNET_MISSING", { zone: name });
  });
}
