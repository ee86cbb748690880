import { parseCidr } from "../../cidr";
import type { RegionNetwork, Route, RouteTable, Subnet } from "./contract";

/** Its own route table, else the main one of its VPC. */
export function tableOf(network: RegionNetwork, subnet: Subnet): RouteTable | undefined {
  const own = network.tables.get(network.associations.get(subnet.id) ?? "");
  return own ?? network.tables.get(network.vpcs.get(subnet.vpcId)?.mainTableId ?? "");
}

/** Whether a NAT gateway can pass anything on: it stands in a subnet whose table leads to the internet gateway. */
function natWorks(network: RegionNetwork, vpcId: string, natGatewayId: string): boolean {
  const subnet = network.subnets.get(network.natGateways.get(natGatewayId)?.subnetId ?? "");
  if (subnet?.vpcId !== vpcId) return false;
  const routes = tableOf(network, subnet)?.routes ?? [];
  return routes.some(
    ({ cidr, target }) => cidr === "0.0.0.0/0" && network.internetGateways.get(target) === vpcId,
  );
}

/**
 * Whether a function's packets get out by the route. It has no public IPv4 address, so that an internet gateway sends
 * none of its answers back; its IPv6 addresses are public.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
 */
function leadsOut(network: RegionNetwork, vpcId: string, { cidr, target }: Route): boolean {
  if (!cidr.includes(":")) return natWorks(network, vpcId, target);
  const gateway = network.egressOnlyGateways.get(target) ?? network.internetGateways.get(target);
  return gateway === vpcId;
}

/** Routes of a subnet as a function in it sees them, the narrowest first. */
export function routesFrom(network: RegionNetwork, subnet: Subnet): { cidr: string; out: boolean }[] {
  const routes = tableOf(network, subnet)?.routes ?? [];
  const prefix = ({ cidr }: Route) => parseCidr(cidr)?.prefix ?? -1;
  return routes
    .filter((route) => prefix(route) >= 0)
    .sort((a, b) => prefix(b) - prefix(a))
    .map((route) => ({ cidr: route.cidr, out: leadsOut(network, subnet.vpcId, route) }));
}
