import { LOCAL_ACCOUNT } from "../../protocol";
import { availabilityZones, defaultVpc } from "../../region";
import type { Values } from "../values";

/** Answers of the lookups that say where the program is. The caller's ARN is what keeps a local stack off AWS. */
export function getCallerIdentity(): Values {
  return {
    id: LOCAL_ACCOUNT,
    accountId: LOCAL_ACCOUNT,
    arn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/nami`,
    userId: "nami",
  };
}

export function getRegion(args: Values, region: string): Values {
  const name = String(args.region ?? args.name ?? region);
  return {
    id: name,
    name,
    region: name,
    description: `This machine, as ${name}`,
    endpoint: `ec2.${name}.amazonaws.com`,
  };
}

export function getPartition(): Values {
  return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
}

export function getAvailabilityZones(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const excluded = Array.isArray(args.excludeNames) ? args.excludeNames : [];
  const subnets = defaultVpc(where).subnets.filter((subnet) => !excluded.includes(subnet.availabilityZone));
  return {
    ...args,
    id: where,
    region: where,
    names: availabilityZones(where).filter((zone) => !excluded.includes(zone)),
    zoneIds: subnets.map((subnet) => subnet.availabilityZoneId),
    groupNames: [where],
  };
}
