import type { FunctionSpec } from "../functions/contract";
import type { Reach } from "../functions/sandbox-reach";

export interface Vpc {
  id: string;
  cidrBlock: string;
  ipv6CidrBlock?: string;
  isDefault: boolean;
  /** The security group that came with it. */
  groupId: string;
  /** Of subnets without a route table of their own. */
  mainTableId: string;
}

export interface Subnet {
  id: string;
  vpcId: string;
  cidrBlock: string;
  ipv6CidrBlock?: string;
  availabilityZone: string;
  mapPublicIpOnLaunch: boolean;
}

/** What a security group lets through, to or from one peer: a block of addresses or another group. */
export interface Rule {
  /** "any", "tcp", "udp", or what AWS calls another one. */
  protocol: string;
  fromPort: number;
  toPort: number;
  cidr?: string;
  groupId?: string;
}

export interface SecurityGroup {
  id: string;
  name: string;
  vpcId: string;
  egress: Rule[];
  ingress: Rule[];
}

/** `target` is the id of a gateway; the route to the VPC itself, which every table has, is left out. */
export interface Route {
  cidr: string;
  target: string;
}

export interface RouteTable {
  id: string;
  vpcId: string;
  routes: Route[];
}

/** A place in a subnet that a function, an instance or a NAT gateway has. */
export interface NetworkInterface {
  id: string;
  /** For messages, e.g. "function orders". */
  owner: string;
  subnetId: string;
  groupIds: string[];
  /** Its private IPv4 address on AWS; nothing on this machine listens there. */
  address: string;
  isPublic: boolean;
  /** Of the instance that has it. */
  instanceId?: string;
}

/** The networks of one region: a view of what exists, made anew after each change. */
export interface RegionNetwork {
  region: string;
  vpcs: Map<string, Vpc>;
  subnets: Map<string, Subnet>;
  groups: Map<string, SecurityGroup>;
  tables: Map<string, RouteTable>;
  /** Route table by subnet. */
  associations: Map<string, string>;
  /** VPC by gateway; undefined: attached to none. */
  internetGateways: Map<string, string | undefined>;
  egressOnlyGateways: Map<string, string>;
  natGateways: Map<string, { subnetId: string; allocationId: string }>;
  interfaces: NetworkInterface[];
}

/** VPCs, and who may reach whom in them. */
export interface Network {
  in(region: string): RegionNetwork;
  /** Where a function may open connections. */
  reachOf(spec: Pick<FunctionSpec, "region" | "vpcConfig">): Reach;
  /** Something was made, changed or removed that may be part of a network. */
  changed(): void;
  /** The gateway's port, once it listens: for functions it is one of AWS's public addresses. */
  gatewayListens(port: number): void;
}
