import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, availabilityZones, type DefaultSubnet, defaultVpc, defaultVpcPart } from "../../region";
import { isRecord, type Values } from "../values";

/** `filters` of a lookup by name. */
function filters(args: Values): Map<string, string[]> {
  const list = Array.isArray(args.filters) ? args.filters.filter(isRecord) : [];
  return new Map(list.map((filter) => [String(filter.name), (filter.values as string[]) ?? []]));
}

function refuseOthers(what: string, found: Map<string, string[]>, known: readonly string[]): void {
  const other = [...found.keys()].find((name) => !known.includes(name));
  if (other)
    throw new Error(`${what}: the local target has no filter "${other}"; it knows: ${known.join(", ")}`);
}

/** The default VPC; any other is not there. */
export function getVpc(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const vpc = defaultVpc(where);
  const found = filters(args);
  refuseOthers("getVpc", found, ["vpc-id", "is-default", "isDefault"]);
  const wanted = [args.id, ...(found.get("vpc-id") ?? [])].filter((id) => id !== undefined && id !== null);
  if (wanted.some((id) => id !== vpc.vpcId) || args.default === false) {
    throw new Error(`InvalidVpcID.NotFound: the local target has one VPC, the default one (${vpc.vpcId}).`);
  }
  return {
    ...args,
    id: vpc.vpcId,
    arn: arn("ec2", where, `vpc/${vpc.vpcId}`),
    cidrBlock: vpc.cidrBlock,
    cidrBlockAssociations: [],
    default: true,
    dhcpOptionsId: defaultVpcPart("dopt", where),
    enableDnsHostnames: true,
    enableDnsSupport: true,
    enableNetworkAddressUsageMetrics: false,
    instanceTenancy: "default",
    ipv6AssociationId: "",
    ipv6CidrBlock: "",
    ipv6CidrBlockAssociations: [],
    mainRouteTableId: defaultVpcPart("rtb", where),
    ownerId: LOCAL_ACCOUNT,
    region: where,
    state: "available",
    tags: {},
  };
}

function selectSubnets(what: string, args: Values, region: string): DefaultSubnet[] {
  const vpc = defaultVpc(region);
  const found = filters(args);
  const known = [
    "vpc-id",
    "availability-zone",
    "availabilityZone",
    "default-for-az",
    "defaultForAz",
    "subnet-id",
  ];
  refuseOthers(what, found, [...known, "map-public-ip-on-launch"]);
  const vpcIds = found.get("vpc-id");
  const zones = found.get("availability-zone") ?? found.get("availabilityZone");
  const ids = found.get("subnet-id");
  const falseOnly = ["default-for-az", "defaultForAz", "map-public-ip-on-launch"].some(
    (name) => found.has(name) && !found.get(name)!.includes("true"),
  );
  if (falseOnly || (vpcIds && !vpcIds.includes(vpc.vpcId))) return [];
  return vpc.subnets.filter(
    (subnet) =>
      (!zones || zones.includes(subnet.availabilityZone)) && (!ids || ids.includes(subnet.subnetId)),
  );
}

export function getSubnets(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const ids = selectSubnets("getSubnets", args, where).map((subnet) => subnet.subnetId);
  return { ...args, id: where, region: where, ids, tags: {} };
}

/** @throws Error unless exactly one subnet fits, as AWS does */
export function getSubnet(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const fitting = selectSubnets("getSubnet", args, where).filter(
    (subnet) =>
      (args.id ?? subnet.subnetId) === subnet.subnetId &&
      (args.availabilityZone ?? subnet.availabilityZone) === subnet.availabilityZone &&
      (args.cidrBlock ?? subnet.cidrBlock) === subnet.cidrBlock,
  );
  if (fitting.length !== 1) throw new Error(`getSubnet: ${fitting.length} subnets fit; exactly one must.`);
  const subnet = fitting[0]!;
  return {
    ...args,
    ...subnet,
    id: subnet.subnetId,
    arn: arn("ec2", where, `subnet/${subnet.subnetId}`),
    vpcId: defaultVpc(where).vpcId,
    availableIpAddressCount: 4091,
    defaultForAz: true,
    mapPublicIpOnLaunch: true,
    assignIpv6AddressOnCreation: false,
    ipv6CidrBlock: "",
    ownerId: LOCAL_ACCOUNT,
    region: where,
    state: "available",
    tags: {},
  };
}

/** The default VPC's own group; groups that a program makes are known to it. */
export function getSecurityGroup(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const { vpcId } = defaultVpc(where);
  const id = defaultVpcPart("sg", where);
  const fits = (wanted: unknown, own: string) => wanted === undefined || wanted === null || wanted === own;
  refuseOthers("getSecurityGroup", filters(args), []);
  if (!fits(args.id, id) || !fits(args.vpcId, vpcId) || !fits(args.name, "default")) {
    throw new Error(
      `InvalidGroup.NotFound: the lookup knows one security group, the default one (${id}) of ${vpcId}.`,
    );
  }
  return {
    ...args,
    id,
    arn: arn("ec2", where, `security-group/${id}`),
    name: "default",
    description: "default VPC security group",
    vpcId,
    region: where,
    tags: {},
  };
}

/** Every instance type is offered in every zone: an instance is a few processes here. */
export function getInstanceTypeOfferings(args: Values, region: string): Values {
  const where = String(args.region ?? region);
  const found = filters(args);
  refuseOthers("getInstanceTypeOfferings", found, ["instance-type", "location"]);
  const types = found.get("instance-type");
  if (!types) throw new Error('getInstanceTypeOfferings: the local target wants the filter "instance-type".');
  const all = args.locationType === "availability-zone" ? availabilityZones(where) : [where];
  const places = all.filter((place) => found.get("location")?.includes(place) ?? true);
  const pairs = types.flatMap((type) => places.map((place) => ({ type, place })));
  return {
    ...args,
    id: where,
    region: where,
    instanceTypes: pairs.map((pair) => pair.type),
    locations: pairs.map((pair) => pair.place),
    locationTypes: pairs.map(() => args.locationType ?? "region"),
  };
}
