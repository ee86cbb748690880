import { type Cidr, holds, overlap, parseCidr } from "../../cidr";
import type { Inputs, Outputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, availabilityZones, defaultVpc } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { dependency, vpcNamed } from "../network/checks";
import type { RegionNetwork, ResourceKind } from "../services";

interface Sizes {
  family: 4 | 6;
  widest: number;
  narrowest: number;
  step: number;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const IPV4: Sizes = { family: 4, widest: 16, narrowest: 28, step: 1 };
const IPV6: Sizes = { family: 6, widest: 44, narrowest: 64, step: 4 };

function isSized(block: Cidr, { family, widest, narrowest, step }: Sizes): boolean {
  const { prefix } = block;
  return block.family === family && prefix >= widest && prefix <= narrowest && prefix % step === 0;
}

/** A block of the VPC's that no other subnet has. */
function checkBlock(text: string, ofVpc: string | undefined, others: string[], sizes: Sizes): void {
  const block = parseCidr(text);
  const vpc = parseCidr(ofVpc ?? "");
  if (!block || !vpc || !isSized(block, sizes) || !holds(vpc, block)) {
    throw new AwsError("InvalidSubnet.Range", `The CIDR '${text}' is invalid.`);
  }
  const taken = others.map(parseCidr).filter((other): other is Cidr => other !== undefined);
  if (taken.some((other) => overlap(other, block))) {
    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${text}' conflicts with another subnet`);
  }
}

function checkIpv6(network: RegionNetwork, inputs: Inputs, ownId?: string): void {
  if (!inputs.ipv6CidrBlock) return;
  const vpc = vpcNamed(network, String(inputs.vpcId));
  const others = [...network.subnets.values()].filter(({ id, vpcId }) => vpcId === vpc.id && id !== ownId);
  const blocks = others.flatMap(({ ipv6CidrBlock }) => ipv6CidrBlock ?? []);
  checkBlock(String(inputs.ipv6CidrBlock), vpc.ipv6CidrBlock, blocks, IPV6);
}

function ipv6Outputs(inputs: Inputs, before: Outputs = {}): Outputs {
  if (!inputs.ipv6CidrBlock) return { ipv6CidrBlockAssociationId: "" };
  return { ipv6CidrBlockAssociationId: before.ipv6CidrBlockAssociationId || ec2Id("subnet-cidr-assoc") };
}

/** Without a wish, AWS chooses. */
function zoneOf(inputs: Inputs): string {
  const zones = availabilityZones(String(inputs.region));
  const zone = String(inputs.availabilityZone ?? zones[0]);
  if (zones.includes(zone)) return zone;
  const message = `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(", ")}.`;
  throw new AwsError("InvalidParameterValue", message);
}

export const subnet: ResourceKind = {
  type: "aws:ec2/subnet:Subnet",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const network = services.network.in(region);
    const { id: vpcId, cidrBlock } = vpcNamed(network, String(inputs.vpcId));
    const siblings = [...network.subnets.values()].filter((other) => other.vpcId === vpcId);
    checkBlock(
      String(inputs.cidrBlock),
      cidrBlock,
      siblings.map((other) => other.cidrBlock),
      IPV4,
    );
    checkIpv6(network, inputs);
    const id = ec2Id("subnet");
    const availabilityZone = zoneOf(inputs);
    const zones = defaultVpc(region).subnets;
    const outputs = {
      arn: arn("ec2", region, `subnet/${id}`),
      availabilityZone,
      availabilityZoneId: zones.find((one) => one.availabilityZone === availabilityZone)!.availabilityZoneId,
      ownerId: LOCAL_ACCOUNT,
      ...ipv6Outputs(inputs),
    };
    return { id, outputs };
  },
  async update(services, { id, outputs }, inputs) {
    checkIpv6(services.network.in(String(inputs.region)), inputs, id);
    return { ...outputs, ...ipv6Outputs(inputs, outputs) };
  },
  async delete(services, { id, inputs }) {
    const { interfaces } = services.network.in(String(inputs.region));
    if (interfaces.some(({ subnetId }) => subnetId === id)) throw dependency("subnet", id);
  },
};
