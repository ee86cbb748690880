import { parseCidr } from "../../cidr";
import { AwsError } from "../aws-error";
import type { RegionNetwork, Route, RouteTable } from "./contract";

/** @throws AwsError InvalidRouteTableID.NotFound */
export function tableNamed(network: RegionNetwork, id: string): RouteTable {
  const table = network.tables.get(id);
  if (table) return table;
  throw new AwsError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);
}

/** The VPC a target stands in, undefined where there is no such target. */
function vpcOf(network: RegionNetwork, target: string): { vpcId: string | undefined } | undefined {
  const { natGateways, internetGateways, egressOnlyGateways, subnets } = network;
  const nat = natGateways.get(target);
  if (nat) return { vpcId: subnets.get(nat.subnetId)?.vpcId };
  if (internetGateways.has(target)) return { vpcId: internetGateways.get(target) };
  return egressOnlyGateways.has(target) ? { vpcId: egressOnlyGateways.get(target) } : undefined;
}

function missing(target: string): AwsError {
  if (target.startsWith("nat-"))
    return new AwsError("InvalidNatGatewayID.NotFound", `The natGateway ID '${target}' does not exist`);
  if (target.startsWith("igw-"))
    return new AwsError(
      "InvalidInternetGatewayID.NotFound",
      `The internetGateway ID '${target}' does not exist`,
    );
  return new AwsError("InvalidGatewayID.NotFound", `The gateway ID '${target}' does not exist`);
}

/** What AWS refuses of a route. @throws AwsError under AWS's name for it */
export function checkRoute(
  network: RegionNetwork,
  table: Pick<RouteTable, "id" | "vpcId">,
  { cidr, target }: Route,
): void {
  const block = parseCidr(cidr);
  if (!block) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${cidr}) for parameter destinationCidrBlock is invalid.`,
    );
  }
  const found = vpcOf(network, target);
  if (!found) throw missing(target);
  if (found.vpcId !== table.vpcId) {
    const message = `route table ${table.id} and network gateway ${target} belong to different networks`;
    throw new AwsError("InvalidParameterValue", message);
  }
  const fits = network.egressOnlyGateways.has(target) ? block.family === 6 : true;
  if (!fits || (network.natGateways.has(target) && block.family === 6)) {
    const message = `The destination ${cidr} cannot be routed to ${target}.`;
    throw new AwsError("InvalidParameterCombination", message);
  }
}
