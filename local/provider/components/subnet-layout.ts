import { type Cidr, following, formatCidr, overlap, parseCidr, size } from "../../cidr";

/**
 * Where the subnets of an awsx.ec2.Vpc lie under the strategy "Auto": the VPC is divided evenly between the zones, and
 * in each zone a subnet begins where the one before it has ended.
 * https://www.pulumi.com/registry/packages/awsx/api-docs/ec2/vpc/#auto
 */
export type SubnetType = "Public" | "Private" | "Isolated" | "Unused";

export interface SubnetSpec {
  type: SubnetType;
  /** Default: the type, in small letters. */
  name?: string;
  cidrMask?: number;
  assignIpv6AddressOnCreation?: boolean;
  tags?: Record<string, unknown>;
}

export interface PlannedSubnet {
  /** `<vpc>-<name>-<number of the zone>` */
  name: string;
  spec: SubnetSpec;
  /** Index in the list of zones. */
  zone: number;
  cidrBlock: string;
}

const ORDER: SubnetType[] = ["Public", "Private", "Isolated"];

/** Bits that tell `count` things apart. */
function bitsFor(count: number): number {
  return count === 0 ? 0 : Math.ceil(Math.log2(count));
}

/** Without a wish: a private subnet of half of the zone's block, /17 at the widest, and a public one of a quarter. */
export function defaultSpecs(zoneMask: number): SubnetSpec[] {
  if (zoneMask > 26)
    throw new Error(`Subnets of their own need /26 a zone; /${zoneMask} is there. Give subnetSpecs.`);
  const widest = Math.max(zoneMask, 16);
  return [
    { type: "Private", cidrMask: widest + 1 },
    { type: "Public", cidrMask: widest + 2 },
  ];
}

function checkRoom(zone: Cidr, blocks: Cidr[]): void {
  const needed = blocks.reduce((sum, block) => sum + size(block), 0n);
  if (needed > size(zone)) {
    throw new Error(
      `Subnets are too large for VPC. VPC has ${size(zone)} addresses, but subnets require ${needed} addresses.`,
    );
  }
}

function zoneBlocks(zone: Cidr, masks: number[]): Cidr[] {
  checkRoom(
    zone,
    masks.map((prefix) => ({ ...zone, prefix })),
  );
  const blocks: Cidr[] = [];
  for (const mask of masks) {
    const before = blocks.at(-1);
    blocks.push(before ? following(before, mask) : { ...zone, prefix: mask });
  }
  return blocks;
}

/** All subnets, zone by zone, as they were specified. @throws Error when they do not fit or overlap */
export function layOut(
  vpcName: string,
  vpcBlock: string,
  zones: number,
  given: { specs?: SubnetSpec[]; zoneMask?: number },
): PlannedSubnet[] {
  const vpc = parseCidr(vpcBlock);
  if (vpc?.family !== 4) throw new Error(`cidrBlock is "${vpcBlock}"; that is no block of IPv4 addresses.`);
  const zoneMask = given.zoneMask ?? vpc.prefix + bitsFor(zones);
  const specs = given.specs ?? defaultSpecs(zoneMask);
  if (specs.length === 0) throw new Error("No subnets specified");
  const masks = specs.map(({ cidrMask }) => cidrMask ?? zoneMask + bitsFor(specs.length));
  const planned: (PlannedSubnet & { block: Cidr })[] = [];
  for (let zone = 0, block: Cidr = { ...vpc, prefix: zoneMask }; zone < zones; zone++) {
    const blocks = zoneBlocks(block, masks);
    for (const [at, spec] of specs.entries()) {
      const name = `${vpcName}-${spec.name ?? spec.type.toLowerCase()}-${zone + 1}`;
      planned.push({ name, spec, zone, cidrBlock: formatCidr(blocks[at]!), block: blocks[at]! });
    }
    block = following(block, zoneMask);
  }
  const clash = planned.find((one) =>
    planned.some((other) => other !== one && overlap(one.block, other.block)),
  );
  if (clash) throw new Error(`Subnet ${clash.name} (${clash.cidrBlock}) overlaps with another one.`);
  return planned.map(({ block: _, ...subnet }) => subnet);
}

/** Of one zone, those that are made: public ones first, for the others may need a gateway in them. */
export function inOrder(planned: PlannedSubnet[], zone: number): PlannedSubnet[] {
  const made = planned.filter((subnet) => subnet.zone === zone && subnet.spec.type !== "Unused");
  return made.sort((a, b) => ORDER.indexOf(a.spec.type) - ORDER.indexOf(b.spec.type));
}

/** The /64 number `index` of a VPC's /56. */
export function ipv6SubnetBlock(vpcBlock: string, index: number): string {
  const block = parseCidr(vpcBlock);
  if (block?.family !== 6 || block.prefix !== 56)
    throw new Error(`VPC must be a /56 block (got ${vpcBlock})`);
  return formatCidr({ ...block, first: block.first + (BigInt(index) << 64n), prefix: 64 });
}
