import { defaultVpc, defaultVpcPart } from "../../region";
import type { RegionNetwork, Route, RouteTable, SecurityGroup, Subnet, Vpc } from "./contract";
import { interfaces } from "./interfaces";
import { type RecordsOf, types } from "./records";
import { defaultGroup, inlineRules, standaloneRule } from "./rules";

const text = (value: unknown) => (value ? String(value) : undefined);

function byId<T extends { id: string }>(list: T[]): Map<string, T> {
  return new Map(list.map((one) => [one.id, one]));
}

/** What a fresh account has, and what was made. */
function vpcs(region: string, records: RecordsOf): Vpc[] {
  const { vpcId: id, cidrBlock } = defaultVpc(region);
  const own = (prefix: "sg" | "rtb") => defaultVpcPart(prefix, region);
  return [
    { id, cidrBlock, isDefault: true, groupId: own("sg"), mainTableId: own("rtb") },
    ...records(types.vpc).map((record) => ({
      id: record.id,
      cidrBlock: String(record.inputs.cidrBlock),
      ipv6CidrBlock: text(record.outputs.ipv6CidrBlock),
      isDefault: false,
      groupId: String(record.outputs.defaultSecurityGroupId),
      mainTableId: String(record.outputs.mainRouteTableId),
    })),
  ];
}

function subnets(region: string, records: RecordsOf): Subnet[] {
  const { vpcId, subnets: given } = defaultVpc(region);
  return [
    ...given.map(({ subnetId: id, ...rest }) => ({ id, vpcId, mapPublicIpOnLaunch: true, ...rest })),
    ...records(types.subnet).map(({ id, inputs, outputs }) => ({
      id,
      vpcId: String(inputs.vpcId),
      cidrBlock: String(inputs.cidrBlock),
      ipv6CidrBlock: text(inputs.ipv6CidrBlock),
      availabilityZone: String(outputs.availabilityZone),
      mapPublicIpOnLaunch: inputs.mapPublicIpOnLaunch === true,
    })),
  ];
}

function groups(all: Vpc[], records: RecordsOf): SecurityGroup[] {
  const apart = (type: string, id: string) =>
    records(type)
      .filter(({ inputs }) => inputs.securityGroupId === id)
      .flatMap(({ inputs }) => standaloneRule(inputs));
  const made = records(types.group).map(({ id, inputs, outputs }) => ({
    id,
    name: String(inputs.name),
    vpcId: String(outputs.vpcId),
    egress: inlineRules(inputs.egress, id),
    ingress: inlineRules(inputs.ingress, id),
  }));
  return [...all.map(defaultGroup), ...made].map((group) => ({
    ...group,
    egress: [...group.egress, ...apart(types.egressRule, group.id)],
    ingress: [...group.ingress, ...apart(types.ingressRule, group.id)],
  }));
}

/** Of the inputs of a route, in a table or apart from it. */
export function routeOf(inputs: Record<string, unknown>): Route {
  const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"];
  const targets = ["gatewayId", "natGatewayId", "egressOnlyGatewayId"];
  const given = (names: string[]) => String(names.map((name) => inputs[name]).find(Boolean) ?? "");
  return { cidr: given(destinations), target: given(targets) };
}

function tables(region: string, all: Vpc[], records: RecordsOf): RouteTable[] {
  const apart = records(types.route);
  const main = all.map(({ id, mainTableId, isDefault }) => ({
    id: mainTableId,
    vpcId: id,
    routes: isDefault ? [{ cidr: "0.0.0.0/0", target: defaultVpcPart("igw", region) }] : [],
  }));
  const made = records(types.table).map(({ id, inputs }) => ({
    id,
    vpcId: String(inputs.vpcId),
    routes: ((inputs.routes ?? []) as Record<string, unknown>[]).map(routeOf),
  }));
  return [...main, ...made].map((table) => {
    const more = apart.filter(({ inputs }) => inputs.routeTableId === table.id);
    return { ...table, routes: [...table.routes, ...more.map(({ inputs }) => routeOf(inputs))] };
  });
}

/** `recordsOf` answers the records of a type, of any region. */
export function viewOf(region: string, recordsOf: RecordsOf): RegionNetwork {
  const records: RecordsOf = (type) => recordsOf(type).filter(({ inputs }) => inputs.region === region);
  const allVpcs = vpcs(region, records);
  const vpcOf = (type: string) =>
    records(type).map(({ id, inputs }) => [id, text(inputs.vpcId)] as [string, string | undefined]);
  const view = {
    region,
    vpcs: byId(allVpcs),
    subnets: byId(subnets(region, records)),
    groups: byId(groups(allVpcs, records)),
    tables: byId(tables(region, allVpcs, records)),
    associations: new Map(
      records(types.association).map(({ inputs }) => [String(inputs.subnetId), String(inputs.routeTableId)]),
    ),
    internetGateways: new Map([
      [defaultVpcPart("igw", region), allVpcs[0]!.id] as [string, string | undefined],
      ...vpcOf(types.internetGateway),
    ]),
    egressOnlyGateways: new Map(vpcOf(types.egressOnlyGateway) as [string, string][]),
    natGateways: new Map(
      records(types.natGateway).map(({ id, inputs }) => [
        id,
        { subnetId: String(inputs.subnetId), allocationId: String(inputs.allocationId) },
      ]),
    ),
  };
  return { ...view, interfaces: interfaces(view, records) };
}
