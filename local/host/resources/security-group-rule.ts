import { isDeepStrictEqual } from "node:util";
import { parseCidr } from "../../cidr";
import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { groupNamed } from "../network/checks";
import { standaloneRule } from "../network/rules";
import type { ResourceKind, Services } from "../services";

const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

function validate(services: Services, inputs: Inputs, direction: "egress" | "ingress"): void {
  const network = services.network.in(String(inputs.region));
  const group = groupNamed(network, String(inputs.securityGroupId));
  const peers = PEERS.filter((name) => inputs[name] !== undefined);
  if (peers.length !== 1) {
    throw new AwsError("InvalidParameterCombination", `A rule has one of ${PEERS.join(", ")}.`);
  }
  for (const cidr of [inputs.cidrIpv4, inputs.cidrIpv6].filter((one) => one !== undefined)) {
    if (!parseCidr(String(cidr)))
      throw new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
  }
  for (const rule of standaloneRule(inputs)) {
    if (rule.groupId) groupNamed(network, rule.groupId);
    if (group[direction].some((other) => isDeepStrictEqual(other, rule))) {
      const peer = `peer: ${rule.groupId ?? rule.cidr}, ${rule.protocol.toUpperCase()}`;
      const ports = `from port: ${rule.fromPort}, to port: ${rule.toPort}`;
      const message = `the specified rule "${peer}, ${ports}, ALLOW" already exists`;
      throw new AwsError("InvalidPermission.Duplicate", message);
    }
  }
}

function rule(direction: "Ingress" | "Egress"): ResourceKind {
  return {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    async create(services, { inputs }) {
      validate(services, inputs, direction === "Egress" ? "egress" : "ingress");
      const id = ec2Id("sgr");
      const outputs = {
        arn: arn("ec2", String(inputs.region), `security-group-rule/${id}`),
        securityGroupRuleId: id,
      };
      return { id, outputs };
    },
  };
}

export const securityGroupIngressRule = rule("Ingress");
export const securityGroupEgressRule = rule("Egress");
