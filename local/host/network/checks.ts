import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { Iam, VpcConfig } from "../services";
import type { NetworkInterface, RegionNetwork, SecurityGroup, Subnet, Vpc } from "./contract";

/** What AWS refuses when something is put into a network. Each throws AwsError under AWS's name for it. */

export function vpcNamed(network: RegionNetwork, id: string): Vpc {
  const vpc = network.vpcs.get(id);
  if (vpc) return vpc;
  throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
}

export function subnetNamed(network: RegionNetwork, id: string): Subnet {
  const subnet = network.subnets.get(id);
  if (subnet) return subnet;
  throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
}

export function groupNamed(network: RegionNetwork, id: string): SecurityGroup {
  const group = network.groups.get(id);
  if (group) return group;
  throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
}

/** An instance's groups must be of its subnet's VPC. */
export function checkInstancePlace(network: RegionNetwork, subnetId: string, groupIds: string[]): void {
  const { vpcId } = subnetNamed(network, subnetId);
  for (const id of groupIds) {
    if (groupNamed(network, id).vpcId === vpcId) continue;
    const message = `Security group ${id} and subnet ${subnetId} belong to different networks.`;
    throw new AwsError("InvalidParameter", message);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

/** Lambda tells what EC2 told it. */
function throughLambda<T>(call: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(
      `Error occurred while ${call}. EC2 Error Code: ${error.code}. EC2 Error Message: ${error.message}`,
    );
  }
}

/** A function's subnets and groups must exist and be of one VPC. */
export function checkFunctionPlace(network: RegionNetwork, place: VpcConfig): void {
  const { subnetIds, securityGroupIds, ipv6 } = place;
  const subnets = subnetIds.map((id) => throughLambda("DescribeSubnets", () => subnetNamed(network, id)));
  const groups = securityGroupIds.map((id) =>
    throughLambda("DescribeSecurityGroups", () => groupNamed(network, id)),
  );
  const [first] = subnets;
  if (!first || groups.length === 0)
    throw invalid("SubnetIds and SecurityIds must coexist or be both empty list.");
  if (subnets.some(({ vpcId }) => vpcId !== first.vpcId))
    throw invalid("Subnets are required to be in the same VPC.");
  if (groups.some(({ vpcId }) => vpcId !== first.vpcId))
    throw invalid("Security Groups are required to be in the same VPC.");
  const single = ipv6 && subnets.find(({ ipv6CidrBlock }) => !ipv6CidrBlock);
  if (single)
    throw invalid(`Ipv6AllowedForDualStack needs subnets with an IPv6 CIDR block; ${single.id} has none.`);
}

/**
 * Lambda makes a function's network interfaces in the name of its role, and tries beforehand whether it may. Describing
 * cannot be granted for single resources, and deleting must be granted for all of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function checkInterfacePermissions(
  iam: Iam,
  role: { roleName: string; session: string },
  region: string,
  subnetIds: string[],
): void {
  const any = arn("ec2", region, "*/*");
  const needed: [action: string, resources: string[]][] = [
    [
      "CreateNetworkInterface",
      [
        arn("ec2", region, "network-interface/*"),
        ...subnetIds.map((id) => arn("ec2", region, `subnet/${id}`)),
      ],
    ],
    ["DescribeNetworkInterfaces", ["*"]],
    ["DeleteNetworkInterface", [any]],
  ];
  const identity = iam.roleIdentity(role.roleName, role.session);
  for (const [action, resources] of needed) {
    try {
      for (const resource of resources) iam.authorize(identity, `ec2:${action}`, resource);
    } catch {
      throw invalid(`The provided execution role does not have permissions to call ${action} on EC2`);
    }
  }
}

/** What is in use cannot be deleted. */
export function dependency(what: string, id: string): AwsError {
  return new AwsError("DependencyViolation", `The ${what} '${id}' has dependencies and cannot be deleted.`);
}

export function interfacesWith(network: RegionNetwork, groupId: string): NetworkInterface[] {
  return network.interfaces.filter(({ groupIds }) => groupIds.includes(groupId));
}
