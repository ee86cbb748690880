import { availabilityZones } from "../../region";
import { conceal, hasSecret, reveal } from "../secrets";
import { isRecord, UNKNOWN, type Values } from "../values";
import type { SubnetSpec } from "./subnet-layout";

/** Arguments of awsx.ec2.Vpc that the local target honours. Values may be unknown where awsx takes outputs. */
export interface VpcArgs {
  cidrBlock: string;
  zones: unknown[];
  zoneMask?: number;
  specs?: SubnetSpec[];
  natStrategy: "None" | "Single" | "OnePerAz";
  allocationIds: unknown[];
  tags: Values | typeof UNKNOWN;
  secretTags: boolean;
  /** Handed on to the VPC as they are. */
  forVpc: Values;
  /** Handed on to everything. */
  forAll: Values;
}

const HANDED_ON = [
  "assignGeneratedIpv6CidrBlock",
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
];
const KNOWN = [
  ...HANDED_ON,
  "availabilityZoneCidrMask",
  "availabilityZoneNames",
  "cidrBlock",
  "natGateways",
  "numberOfAvailabilityZones",
  "region",
  "subnetNameTagStrategy",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
];
const KNOWN_OF_SPEC = ["assignIpv6AddressOnCreation", "cidrMask", "name", "size", "tags", "type"];
const TYPES = ["Public", "Private", "Isolated", "Unused"];
const STRATEGIES = ["None", "Single", "OnePerAz"] as const;

function refuse(what: string): never {
  throw new Error(`awsx:ec2:Vpc: ${what}`);
}

function refuseOthers(where: string, given: Values, known: string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name) && given[name] !== undefined);
  if (other)
    refuse(`${where}${other} is not honoured on the local target; it knows: ${[...known].sort().join(", ")}`);
}

/** Written in small letters or not, as awsx takes it. */
function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one.toLowerCase() === String(value).toLowerCase());
  return (
    found ?? refuse(`${name} is ${JSON.stringify(value)}; the local target can do ${allowed.join(", ")}`)
  );
}

function zonesOf(args: Values, region: string): unknown[] {
  const { availabilityZoneNames: names, numberOfAvailabilityZones: number } = args;
  if (names !== undefined && number !== undefined) {
    refuse("Only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified");
  }
  if (names === undefined) return availabilityZones(region).slice(0, Number(number ?? 3));
  if (Array.isArray(names)) return names;
  return refuse("availabilityZoneNames must be a list, though a name in it need not be known yet");
}

function specOf(value: unknown, at: number): SubnetSpec {
  const where = `subnetSpecs[${at}].`;
  if (!isRecord(value)) return refuse(`subnetSpecs[${at}] is no object`);
  refuseOthers(where, value, KNOWN_OF_SPEC);
  const type = oneOf(`${where}type`, value.type, TYPES as SubnetSpec["type"][]);
  const sized = value.size === undefined ? undefined : 32 - Math.log2(Number(value.size));
  const cidrMask = value.cidrMask === undefined ? sized : Number(value.cidrMask);
  if (cidrMask !== undefined && (!Number.isInteger(cidrMask) || (sized !== undefined && sized !== cidrMask)))
    refuse(`${where}size does not match a block of addresses, or not its cidrMask`);
  return { ...(value as unknown as SubnetSpec), type, cidrMask };
}

function only(args: Values, names: string[]): Values {
  return Object.fromEntries(
    names.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
  );
}

/** Reads the arguments. @throws Error that names an argument which is not honoured here */
export function readVpcArgs(given: Values, defaultRegion: string): VpcArgs {
  const args = reveal(given);
  refuseOthers("", args, KNOWN);
  oneOf("subnetStrategy", args.subnetStrategy ?? "Legacy", ["Auto"]);
  oneOf("subnetNameTagStrategy", args.subnetNameTagStrategy ?? "Legacy", ["Legacy"]);
  const nat = isRecord(args.natGateways) ? args.natGateways : {};
  refuseOthers("natGateways.", nat, ["elasticIpAllocationIds", "strategy"]);
  const specs = Array.isArray(args.subnetSpecs) ? args.subnetSpecs.map(specOf) : undefined;
  return {
    cidrBlock: String(args.cidrBlock ?? "10.0.0.0/16"),
    zones: zonesOf(args, String(args.region ?? defaultRegion)),
    natStrategy: oneOf("natGateways.strategy", nat.strategy ?? "OnePerAz", STRATEGIES),
    allocationIds: Array.isArray(nat.elasticIpAllocationIds) ? nat.elasticIpAllocationIds : [],
    tags: args.tags === UNKNOWN ? UNKNOWN : ((args.tags as Values | undefined) ?? {}),
    secretTags: hasSecret(given.tags),
    forVpc: conceal(only(args, HANDED_ON), given),
    forAll: only(args, ["region"]),
    ...(args.availabilityZoneCidrMask === undefined
      ? {}
      : { zoneMask: Number(args.availabilityZoneCidrMask) }),
    ...(specs ? { specs } : {}),
  };
}
