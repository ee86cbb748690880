import { parseCidr, size } from "../../cidr";
import type { ResourceRecord } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, type DefaultSubnet, defaultVpc } from "../../region";
import type { Host } from "../resources";
import type { Values } from "../values";
import { filtersOf, fits, hasTags, passes } from "./filters";
import { madeOf } from "./made";

const SUBNET = "aws:ec2/subnet:Subnet";

/** Names of filters, AWS's and their older spelling, by what they look at. */
const FILTERS: Record<string, string> = {
  "availability-zone": "availabilityZone",
  availabilityZone: "availabilityZone",
  "cidr-block": "cidrBlock",
  "default-for-az": "defaultForAz",
  defaultForAz: "defaultForAz",
  "ipv6-cidr-block-association.state": "ipv6State",
  "map-public-ip-on-launch": "mapPublicIpOnLaunch",
  state: "state",
  "subnet-id": "id",
  "vpc-id": "vpcId",
};

/** AWS keeps five addresses of each. */
function freeAddresses(cidrBlock: unknown): number {
  const block = parseCidr(String(cidrBlock));
  return block ? Number(size(block)) - 5 : 0;
}

function common(subnet: Values): Values {
  return {
    ...subnet,
    availableIpAddressCount: freeAddresses(subnet.cidrBlock),
    ipv6State: subnet.ipv6CidrBlock ? "associated" : "disassociated",
    ownerId: LOCAL_ACCOUNT,
    state: "available",
  };
}

function ofDefault(region: string, { subnetId: id, ...rest }: DefaultSubnet): Values {
  return common({
    ...rest,
    id,
    arn: arn("ec2", region, `subnet/${id}`),
    vpcId: defaultVpc(region).vpcId,
    assignIpv6AddressOnCreation: false,
    defaultForAz: true,
    ipv6CidrBlock: "",
    mapPublicIpOnLaunch: true,
    tags: {},
  });
}

function made({ id, inputs, outputs }: ResourceRecord): Values {
  return common({
    id,
    arn: outputs.arn,
    assignIpv6AddressOnCreation: inputs.assignIpv6AddressOnCreation,
    availabilityZone: outputs.availabilityZone,
    availabilityZoneId: outputs.availabilityZoneId,
    cidrBlock: inputs.cidrBlock,
    defaultForAz: false,
    ipv6CidrBlock: inputs.ipv6CidrBlock ?? "",
    ipv6CidrBlockAssociationId: outputs.ipv6CidrBlockAssociationId,
    mapPublicIpOnLaunch: inputs.mapPublicIpOnLaunch,
    tags: inputs.tags ?? {},
    vpcId: inputs.vpcId,
  });
}

/** Those that fit filters and tags. The default VPC's are found without a host. */
async function select(what: string, args: Values, region: string, host: Host): Promise<Values[]> {
  const found = filtersOf(what, args, Object.keys(FILTERS));
  const standard = defaultVpc(region);
  const vpcIds = [...(found.get("vpc-id") ?? []), ...(args.vpcId ? [String(args.vpcId)] : [])];
  const ids = [...(found.get("subnet-id") ?? []), ...(args.id ? [String(args.id)] : [])];
  const ofOthers =
    vpcIds.some((id) => id !== standard.vpcId) ||
    ids.some((id) => !standard.subnets.some(({ subnetId }) => subnetId === id));
  const all = [
    ...standard.subnets.map((subnet) => ofDefault(region, subnet)),
    ...(await madeOf(host, SUBNET, region, ofOthers)).map(made),
  ];
  return all.filter(
    (subnet) =>
      hasTags(args.tags, subnet.tags) &&
      [...found].every(([name, values]) => passes(values, subnet[FILTERS[name]!])),
  );
}

export async function getSubnets(args: Values, region: string, host: Host): Promise<Values> {
  const where = String(args.region ?? region);
  const ids = (await select("getSubnets", args, where, host)).map(({ id }) => id);
  return { ...args, id: where, region: where, ids, tags: args.tags ?? {} };
}

/** @throws Error unless exactly one subnet fits, as AWS does */
export async function getSubnet(args: Values, region: string, host: Host): Promise<Values> {
  const where = String(args.region ?? region);
  const wished = ["id", "availabilityZone", "cidrBlock", "defaultForAz", "ipv6CidrBlock", "vpcId"];
  const all = await select("getSubnet", args, where, host);
  const fitting = all.filter((subnet) => wished.every((name) => fits(args[name], subnet[name])));
  if (fitting.length !== 1) throw new Error(`getSubnet: ${fitting.length} subnets fit; exactly one must.`);
  const { ipv6State: _, ...subnet } = fitting[0]!;
  return { ...args, ...subnet, region: where };
}
