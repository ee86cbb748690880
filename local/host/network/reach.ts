import { holds, parseCidr } from "../../cidr";
import type { VpcConfig } from "../functions/contract";
import type { PortRange, Reach, VpcReach } from "../functions/sandbox-reach";
import type { NetworkInterface, RegionNetwork, Rule, Subnet } from "./contract";
import { functionInterface } from "./interfaces";
import { routesFrom } from "./ways-out";

/** A port of 127.0.0.1 that an instance has published; `network` is of its region. */
export interface Published {
  port: number;
  instanceId: string;
  network: RegionNetwork;
}

/** What an instance tells a program its private address is, so that a rule may name it. */
const SAID_ADDRESS = "127.0.0.1";

function covers(cidr: string | undefined, address: string): boolean {
  const [outer, inner] = [parseCidr(cidr ?? ""), parseCidr(address)];
  return outer !== undefined && inner !== undefined && holds(outer, inner);
}

/** Whether a rule for TCP names the peer: by one of its groups, or by a block that holds each of its addresses. */
function names(rule: Rule, groupIds: string[], addresses: string[]): boolean {
  if (rule.protocol !== "any" && rule.protocol !== "tcp") return false;
  if (rule.groupId) return groupIds.includes(rule.groupId);
  return covers(rule.cidr, SAID_ADDRESS) || addresses.every((address) => covers(rule.cidr, address));
}

/** A function as the other side of rules: an address in each subnet, of which AWS may use any. */
interface Side {
  groupIds: string[];
  vpcId: string | undefined;
  addresses: string[];
}

function sideOf(network: RegionNetwork, { subnetIds, securityGroupIds }: VpcConfig): Side {
  return {
    groupIds: securityGroupIds,
    vpcId: network.subnets.get(subnetIds[0] ?? "")?.vpcId,
    addresses: subnetIds.map((id) => functionInterface(network, "", id, securityGroupIds).address),
  };
}

function rulesOf(network: RegionNetwork, groupIds: string[], direction: "egress" | "ingress"): Rule[] {
  return groupIds.flatMap((id) => network.groups.get(id)?.[direction] ?? []);
}

function egressTo(network: RegionNetwork, from: Side, to: NetworkInterface): Rule[] {
  const rules = rulesOf(network, from.groupIds, "egress");
  return rules.filter((rule) => names(rule, to.groupIds, [to.address]));
}

/** TCP ports of the instance that both sides' groups let the function open. */
function openPorts(network: RegionNetwork, from: Side, to: NetworkInterface): PortRange[] {
  const ingress = rulesOf(network, to.groupIds, "ingress");
  const into = ingress.filter((rule) => names(rule, from.groupIds, from.addresses));
  return egressTo(network, from, to).flatMap((one) =>
    into
      .map((other) => ({
        fromPort: Math.max(one.fromPort, other.fromPort),
        toPort: Math.min(one.toPort, other.toPort),
      }))
      .filter(({ fromPort, toPort }) => fromPort <= toPort),
  );
}

function hasPort(rules: PortRange[], port: number): boolean {
  return rules.some(({ fromPort, toPort }) => fromPort <= port && port <= toPort);
}

/** Why the function does not reach the port; undefined: it does. */
function refusal(network: RegionNetwork, from: Side, published: Published): string | undefined {
  const { instanceId, port } = published;
  const to = network.interfaces.find((one) => one.instanceId === instanceId);
  const vpcId = to && network.subnets.get(to.subnetId)?.vpcId;
  if (!to || vpcId !== from.vpcId) return `instance ${instanceId} stands in another VPC`;
  if (hasPort(openPorts(network, from, to), port)) return undefined;
  return hasPort(egressTo(network, from, to), port)
    ? `no ingress rule of instance ${instanceId} (${to.groupIds.join(", ")}) lets the function in`
    : `no egress rule of the function (${from.groupIds.join(", ")}) leads to instance ${instanceId}`;
}

function vpcReach(network: RegionNetwork, place: VpcConfig, endpointPorts: number[]): VpcReach {
  const from = sideOf(network, place);
  const vpc = network.vpcs.get(from.vpcId ?? "");
  const subnets = place.subnetIds.map((id) => network.subnets.get(id)).filter((one) => one !== undefined);
  const inVpc = ({ subnetId }: NetworkInterface) => network.subnets.get(subnetId)?.vpcId === from.vpcId;
  const instances = network.interfaces.filter((one) => one.instanceId && inVpc(one));
  return {
    endpointPorts,
    openPorts: instances.flatMap((to) => openPorts(network, from, to)),
    egress: rulesOf(network, place.securityGroupIds, "egress").flatMap(
      ({ protocol, fromPort, toPort, cidr }) =>
        cidr && parseCidr(cidr) ? [{ protocol, fromPort, toPort, cidr }] : [],
    ),
    blocks: [vpc?.cidrBlock, vpc?.ipv6CidrBlock].filter((block) => block !== undefined),
    routes: subnets.map((subnet) => routesFrom(network, subnet)),
    ipv6: place.ipv6 && subnets.every((subnet: Subnet) => subnet.ipv6CidrBlock !== undefined),
  };
}

const OUTSIDE = "has a private address, and the function stands outside of its VPC";

/** Where the function may open connections; `network` is of its region. */
export function reachOf(
  network: RegionNetwork,
  place: VpcConfig | undefined,
  published: Published[],
  endpointPorts: number[],
): Reach {
  if (!place) {
    return {
      instances: published.map(({ port, instanceId }) => ({ port, no: `instance ${instanceId} ${OUTSIDE}` })),
    };
  }
  const from = sideOf(network, place);
  const instances = published.map((one) => {
    const elsewhere = one.network.region !== network.region;
    const no = elsewhere
      ? `instance ${one.instanceId} stands in another region`
      : refusal(network, from, one);
    return { port: one.port, ...(no ? { no } : {}) };
  });
  return { instances, vpc: vpcReach(network, place, endpointPorts) };
}
