/**
 * Where a function may open connections, as AWS would let it: decided in the sandbox from what the host has worked
 * out. A part of the sandbox: it imports nothing but Node.
 */
import { BlockList } from "node:net";

/** What the host tells a sandbox. */
export interface Reach {
  /** TCP ports of this machine's loopback addresses behind which instances stand. `no`: why not, for a person. */
  instances: { port: number; no?: string }[];
  /** Absent: the function stands in no VPC, and everything else is open to it. */
  vpc?: VpcReach;
}

export interface VpcReach {
  /** Loopback ports that stand for public HTTPS endpoints of AWS. */
  endpointPorts: number[];
  /** TCP ports on which some instance of the VPC may be reached, whether anything listens there yet or not. */
  openPorts: PortRange[];
  /** What the security groups let out to blocks of addresses. */
  egress: (PortRange & { protocol: string; cidr: string })[];
  /** The blocks of the VPC itself. */
  blocks: string[];
  /** By subnet: routes, the narrowest first, and whether a function's packets leave the VPC by them. */
  routes: { cidr: string; out: boolean }[][];
  /** It has IPv6 addresses. */
  ipv6: boolean;
}

export interface PortRange {
  fromPort: number;
  toPort: number;
}

export interface Destination {
  protocol: "tcp" | "udp";
  address: string;
  port: number;
}

const LOOPBACK = /^(127\.|0\.0\.0\.0$|::1$|::$)/;
const HTTPS = 443;

/** Why the destination cannot be reached, in words for a person; undefined: it can. */
export function refusal(reach: Reach, to: Destination): string | undefined {
  const address = plain(to.address);
  const { vpc } = reach;
  if (!LOOPBACK.test(address)) return vpc && elsewhere(vpc, { ...to, address });
  const instance = to.protocol === "tcp" && reach.instances.find(({ port }) => port === to.port);
  if (instance) return instance.no;
  return vpc && onLoopback(vpc, { ...to, address });
}

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(plain(address));
}

/** Without a zone, and IPv4 where it is IPv4 in the clothes of IPv6. */
function plain(address: string): string {
  return address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
}

const inside = ({ fromPort, toPort }: PortRange, port: number) => fromPort <= port && port <= toPort;

/** 127.0.0.1 is the private address of every instance, and AWS's endpoints are there too. */
function onLoopback(vpc: VpcReach, { protocol, address, port }: Destination): string | undefined {
  const tcp = protocol === "tcp";
  if (tcp && vpc.endpointPorts.includes(port)) return publicEndpoint(vpc);
  if (tcp && vpc.openPorts.some((range) => inside(range, port))) return undefined;
  const blocks = vpc.blocks.filter((block) => familyOf(block) === familyOf(address));
  // An address of the VPC, but nobody knows which: a rule must hold all of them.
  const covered = vpc.egress.some(
    (rule) =>
      fits(rule, protocol, port) &&
      (contains(rule.cidr, address) ||
        (blocks.length > 0 && blocks.every((block) => holds(rule.cidr, block)))),
  );
  return covered ? undefined : "no egress rule of its security groups leads to that port in its VPC";
}

/** On AWS it has a public IPv4 address that only the widest rule and route hold. */
function publicEndpoint(vpc: VpcReach): string | undefined {
  const route = noWay(vpc, 4, (cidr) => cidr === "0.0.0.0/0");
  if (route) return route;
  const open = vpc.egress.some((rule) => rule.cidr === "0.0.0.0/0" && fits(rule, "tcp", HTTPS));
  return open ? undefined : `no egress rule of its security groups leads to AWS's endpoints (TCP ${HTTPS})`;
}

function elsewhere(vpc: VpcReach, { protocol, address, port }: Destination): string | undefined {
  const family = familyOf(address);
  if (vpc.blocks.some((block) => contains(block, address)))
    return "nothing on this machine has that address of the VPC; instances are at 127.0.0.1";
  if (family === 6 && !vpc.ipv6)
    return "the function has no IPv6 address (ipv6AllowedForDualStack, in a subnet that has them)";
  const route = noWay(vpc, family, (cidr) => contains(cidr, address));
  if (route) return route;
  const open = vpc.egress.some((rule) => fits(rule, protocol, port) && contains(rule.cidr, address));
  return open ? undefined : "no egress rule of its security groups leads there";
}

/** The narrowest route that holds the address decides, in every subnet: the function may stand in any of them. */
function noWay(vpc: VpcReach, family: 4 | 6, matches: (cidr: string) => boolean): string | undefined {
  const out = vpc.routes.every((routes) => routes.find(({ cidr }) => matches(cidr))?.out === true);
  if (out) return undefined;
  const any = vpc.routes.some((routes) => routes.some((route) => route.out));
  return `the function stands in a VPC without a way out${any ? ` over IPv${family}` : ""} (--egress)`;
}

function fits(rule: PortRange & { protocol: string }, protocol: string, port: number): boolean {
  return (rule.protocol === "any" || rule.protocol === protocol) && inside(rule, port);
}

function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

function prefixOf(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

function holds(cidr: string, block: string): boolean {
  return prefixOf(cidr) <= prefixOf(block) && contains(cidr, block.split("/")[0]!);
}

const blockLists = new Map<string, BlockList>();

function contains(cidr: string, address: string): boolean {
  const family = familyOf(cidr);
  if (family !== familyOf(address)) return false;
  let list = blockLists.get(cidr);
  if (!list) {
    list = new BlockList();
    list.addSubnet(cidr.split("/")[0]!, prefixOf(cidr), family === 6 ? "ipv6" : "ipv4");
    blockLists.set(cidr, list);
  }
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}
