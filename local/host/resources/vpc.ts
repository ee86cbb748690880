import { randomInt } from "node:crypto";
import { parseCidr } from "../../cidr";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, defaultVpcPart } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { dependency } from "../network/checks";
import type { RegionNetwork, ResourceKind } from "../services";

/** Of a region, the default one included: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const QUOTA = 5;
const WIDEST = 16;
const NARROWEST = 28;

/**
 * A /56 as AWS gives them out, but of the range for examples: nothing is reached by these addresses. Without leading
 * zeros (RFC 5952, 4.1), as AWS and everything that reads it writes it.
 */
export function generatedBlock(third = randomInt(1, 0x10000), fourth = randomInt(1, 0x100)): string {
  return `2001:db8:${third.toString(16)}:${(fourth * 0x100).toString(16)}::/56`;
}

function ipv6Outputs(wanted: boolean, before: Record<string, unknown> = {}): Record<string, unknown> {
  if (!wanted) return { ipv6AssociationId: "", ipv6CidrBlock: "" };
  if (before.ipv6CidrBlock) {
    const { ipv6AssociationId, ipv6CidrBlock } = before;
    return { ipv6AssociationId, ipv6CidrBlock };
  }
  return { ipv6AssociationId: ec2Id("vpc-cidr-assoc"), ipv6CidrBlock: generatedBlock() };
}

/** What keeps a VPC from going: everything but what came with it. */
function hasParts({ subnets, groups, tables, ...network }: RegionNetwork, id: string): boolean {
  const vpc = network.vpcs.get(id);
  const gateways = [...network.internetGateways.values(), ...network.egressOnlyGateways.values()];
  return (
    gateways.includes(id) ||
    [...subnets.values()].some(({ vpcId }) => vpcId === id) ||
    [...groups.values()].some((group) => group.vpcId === id && group.id !== vpc?.groupId) ||
    [...tables.values()].some((table) => table.vpcId === id && table.id !== vpc?.mainTableId)
  );
}

export const vpc: ResourceKind = {
  type: "aws:ec2/vpc:Vpc",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const cidrBlock = String(inputs.cidrBlock);
    const block = parseCidr(cidrBlock);
    if (block?.family !== 4 || block.prefix < WIDEST || block.prefix > NARROWEST) {
      throw new AwsError("InvalidVpc.Range", `The CIDR '${cidrBlock}' is invalid.`);
    }
    if (services.network.in(region).vpcs.size >= QUOTA) {
      throw new AwsError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    }
    const id = ec2Id("vpc");
    const mainTableId = ec2Id("rtb");
    const outputs = {
      arn: arn("ec2", region, `vpc/${id}`),
      defaultNetworkAclId: ec2Id("acl"),
      defaultRouteTableId: mainTableId,
      defaultSecurityGroupId: ec2Id("sg"),
      dhcpOptionsId: defaultVpcPart("dopt", region),
      mainRouteTableId: mainTableId,
      ownerId: LOCAL_ACCOUNT,
      ...ipv6Outputs(inputs.assignGeneratedIpv6CidrBlock === true),
    };
    return { id, outputs };
  },
  async update(services, { id, outputs }, inputs) {
    const wanted = inputs.assignGeneratedIpv6CidrBlock === true;
    const { subnets } = services.network.in(String(inputs.region));
    const used = [...subnets.values()].some((subnet) => subnet.vpcId === id && subnet.ipv6CidrBlock);
    if (!wanted && used) {
      const message = `The vpc ${id} currently has a subnet within CIDR block ${outputs.ipv6CidrBlock}`;
      throw new AwsError("InvalidCidrBlock.InUse", message);
    }
    return { ...outputs, ...ipv6Outputs(wanted, outputs) };
  },
  async delete(services, { id, inputs }) {
    if (hasParts(services.network.in(String(inputs.region)), id)) throw dependency("vpc", id);
  },
};
