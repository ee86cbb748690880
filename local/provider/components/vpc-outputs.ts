import type { Values } from "../values";
import { type Registered, referenceTo } from "./monitor";
import type { SubnetType } from "./subnet-layout";
import type { VpcArgs } from "./vpc-args";

/** The outputs of a component, and what each is made of. */
export interface Constructed {
  state: Values;
  madeOf: Record<string, Registered[]>;
}

/** What an awsx.ec2.Vpc is made of. */
export interface MadeVpc {
  vpc: Registered;
  gateway: Registered;
  subnets: { type: SubnetType; subnet: Registered }[];
  routeTables: Registered[];
  routeTableAssociations: Registered[];
  routes: Registered[];
  natGateways: Registered[];
  eips: Registered[];
}

function layoutOf({ specs = [] }: VpcArgs): Values[] {
  return specs.map(({ type, name, cidrMask }) => ({
    type,
    ...(name === undefined ? {} : { name }),
    ...(cidrMask === undefined ? {} : { cidrMask, size: 2 ** (32 - cidrMask) }),
  }));
}

function eachOf<T>(lists: Record<string, Registered[]>, value: (list: Registered[]) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, value(list)]));
}

/** The outputs of awsx.ec2.Vpc. */
export function vpcOutputs(args: VpcArgs, { vpc, gateway, subnets, ...made }: MadeVpc): Constructed {
  const of = (type: SubnetType) => subnets.filter((one) => one.type === type).map(({ subnet }) => subnet);
  const lists = {
    ...made,
    subnets: subnets.map(({ subnet }) => subnet),
    publicSubnets: of("Public"),
    privateSubnets: of("Private"),
    isolatedSubnets: of("Isolated"),
  };
  const ids = {
    publicSubnetIds: lists.publicSubnets,
    privateSubnetIds: lists.privateSubnets,
    isolatedSubnetIds: lists.isolatedSubnets,
  };
  const state = {
    ...eachOf(lists, (list) => list.map(referenceTo)),
    ...eachOf(ids, (list) => list.map(({ id }) => id)),
    vpc: referenceTo(vpc),
    vpcId: vpc.id,
    internetGateway: referenceTo(gateway),
    vpcEndpoints: [],
    subnetLayout: layoutOf(args),
  };
  return { state, madeOf: { ...lists, ...ids, vpc: [vpc], vpcId: [vpc], internetGateway: [gateway] } };
}
