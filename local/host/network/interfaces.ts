import { createHash } from "node:crypto";
import { formatAddress, parseCidr, size } from "../../cidr";
import type { ResourceRecord } from "../../protocol";
import { stableId } from "../../region";
import type { NetworkInterface, RegionNetwork } from "./contract";
import { type RecordsOf, types } from "./records";

type View = Pick<RegionNetwork, "vpcs" | "subnets">;

/** AWS keeps the first four addresses of a subnet, and the last. */
const RESERVED = { first: 4n, all: 5n };

/** An address of the subnet, the same every time for the same seed; "" where the subnet is gone. */
export function addressIn(view: View, subnetId: string, seed: string): string {
  const block = parseCidr(view.subnets.get(subnetId)?.cidrBlock ?? "");
  if (!block) return "";
  const number = createHash("sha256").update(seed).digest().readBigUInt64BE();
  return formatAddress(4, block.first + RESERVED.first + (number % (size(block) - RESERVED.all)));
}

/**
 * Functions with the same subnet and the same groups share one, as on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function functionInterface(
  view: View,
  owner: string,
  subnetId: string,
  groupIds: string[],
): NetworkInterface {
  const id = stableId("eni", [subnetId, ...[...groupIds].sort()].join());
  return { id, owner, subnetId, groupIds, address: addressIn(view, subnetId, id), isPublic: false };
}

function ofFunction(view: View, { id, inputs }: ResourceRecord): NetworkInterface[] {
  const { subnetIds = [], securityGroupIds = [] } = (inputs.vpcConfig ?? {}) as Record<string, string[]>;
  return subnetIds.map((subnetId) => functionInterface(view, `function ${id}`, subnetId, securityGroupIds));
}

function ofInstance(view: View, { id, inputs, outputs }: ResourceRecord): NetworkInterface {
  const subnetId = String(outputs.subnetId);
  const subnet = view.subnets.get(subnetId);
  const ofVpc = view.vpcs.get(subnet?.vpcId ?? "")?.groupId;
  const given = inputs.vpcSecurityGroupIds as string[] | undefined;
  return {
    id: String(outputs.primaryNetworkInterfaceId),
    owner: `instance ${id}`,
    subnetId,
    groupIds: given?.length ? given : ofVpc ? [ofVpc] : [],
    address: addressIn(view, subnetId, id),
    isPublic: Boolean(inputs.associatePublicIpAddress ?? subnet?.mapPublicIpOnLaunch),
    instanceId: id,
  };
}

/** Everything that has a place in a subnet. */
export function interfaces(view: View, records: RecordsOf): NetworkInterface[] {
  return [
    ...records(types.function).flatMap((record) => ofFunction(view, record)),
    ...records(types.instance).map((record) => ofInstance(view, record)),
    ...records(types.natGateway).map(({ id, inputs, outputs }) => ({
      id: String(outputs.networkInterfaceId),
      owner: `NAT gateway ${id}`,
      subnetId: String(inputs.subnetId),
      groupIds: [],
      address: String(outputs.privateIp),
      isPublic: true,
    })),
  ];
}
