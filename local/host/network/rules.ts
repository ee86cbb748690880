import type { Inputs } from "../../protocol";
import type { Rule, SecurityGroup, Vpc } from "./contract";

const NUMBERS: Record<string, string> = { "-1": "any", all: "any", "6": "tcp", "17": "udp", "1": "icmp" };
const LAST_PORT = 65_535;

interface Ports {
  protocol: unknown;
  fromPort: unknown;
  toPort: unknown;
}

/** All ports are -1 to -1, or nothing where the protocol is any. */
function portsOf({ protocol, fromPort, toPort }: Ports): Pick<Rule, "protocol" | "fromPort" | "toPort"> {
  const name = String(protocol).toLowerCase();
  const port = (value: unknown, all: number) => (value === undefined || value === -1 ? all : Number(value));
  const any = NUMBERS[name] === "any";
  return {
    protocol: NUMBERS[name] ?? name,
    fromPort: any ? 0 : port(fromPort, 0),
    toPort: any ? LAST_PORT : port(toPort, LAST_PORT),
  };
}

/** A group of another account is written `account/group`; there is one account here. */
function groupOf(reference: unknown): string {
  return String(reference).split("/").at(-1)!;
}

/** Of a rule that stands apart from its group. Prefix lists hold no address of this machine: such a rule lets nothing through. */
export function standaloneRule(inputs: Inputs): Rule[] {
  const { ipProtocol: protocol, fromPort, toPort } = inputs;
  const ports = portsOf({ protocol, fromPort, toPort });
  if (inputs.referencedSecurityGroupId)
    return [{ ...ports, groupId: groupOf(inputs.referencedSecurityGroupId) }];
  return [inputs.cidrIpv4, inputs.cidrIpv6].filter(Boolean).map((cidr) => ({ ...ports, cidr: String(cidr) }));
}

interface InlineRule extends Ports {
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
  securityGroups?: string[];
  self?: boolean;
}

/** `ingress` or `egress` of a group's own inputs: one rule for each peer. */
export function inlineRules(rules: unknown, ownId: string): Rule[] {
  return ((rules ?? []) as InlineRule[]).flatMap((rule) => {
    const ports = portsOf(rule);
    const cidrs = [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
    const groups = [...(rule.securityGroups ?? []).map(groupOf), ...(rule.self ? [ownId] : [])];
    return [
      ...cidrs.map((cidr) => ({ ...ports, cidr })),
      ...groups.map((groupId) => ({ ...ports, groupId })),
    ];
  });
}

/**
 * The group every VPC has: out to everywhere, in from itself.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
export function defaultGroup({ id, groupId, ipv6CidrBlock }: Vpc): SecurityGroup {
  const all = portsOf({ protocol: "-1", fromPort: undefined, toPort: undefined });
  const everywhere = ["0.0.0.0/0", ...(ipv6CidrBlock ? ["::/0"] : [])];
  return {
    id: groupId,
    name: "default",
    vpcId: id,
    egress: everywhere.map((cidr) => ({ ...all, cidr })),
    ingress: [{ ...all, groupId }],
  };
}
