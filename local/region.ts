import { createHash } from "node:crypto";
import { LOCAL_ACCOUNT } from "./protocol";

/** What a fresh AWS account holds in a region: a default VPC with one public subnet an availability zone. */
export interface DefaultVpc {
  vpcId: string;
  cidrBlock: string;
  subnets: DefaultSubnet[];
}

export interface DefaultSubnet {
  subnetId: string;
  availabilityZone: string;
  availabilityZoneId: string;
  cidrBlock: string;
}

/** An id as AWS shapes it (`prefix-` and 17 hex digits), the same every time for the same seed. */
export function stableId(prefix: string, seed: string): string {
  return `${prefix}-0${createHash("sha256").update(`${LOCAL_ACCOUNT}/${seed}`).digest("hex").slice(0, 16)}`;
}

/** Three zones, as most regions have. */
export function availabilityZones(region: string): string[] {
  return ["a", "b", "c"].map((letter) => `${region}${letter}`);
}

/** The default VPC: 172.31.0.0/16 in /20 slices, as AWS lays it out. */
export function defaultVpc(region: string): DefaultVpc {
  return {
    vpcId: stableId("vpc", region),
    cidrBlock: "172.31.0.0/16",
    subnets: availabilityZones(region).map((availabilityZone, index) => ({
      subnetId: stableId("subnet", availabilityZone),
      availabilityZone,
      availabilityZoneId: `local-az${index + 1}`,
      cidrBlock: `172.31.${index * 16}.0/20`,
    })),
  };
}

/** Other ids of the default VPC that a lookup answers. */
export function defaultVpcPart(prefix: "acl" | "dopt" | "igw" | "rtb" | "sg", region: string): string {
  return stableId(prefix, `${region}/default`);
}

/** The region's image for a public AMI parameter; a recorded fact, for no image is booted here. */
export function publicImage(parameter: string, region: string): string {
  return stableId("ami", `${region}${parameter}`);
}

export function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${LOCAL_ACCOUNT}:${resource}`;
}
