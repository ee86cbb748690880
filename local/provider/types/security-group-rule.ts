import { region, type TypeTable, tags } from "../property-table";
import { groupDescriptionRules } from "./group-description";

function rule(direction: "Ingress" | "Egress"): TypeTable {
  return {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    inputs: {
      ...region,
      ...tags,
      cidrIpv4: { type: "string" },
      cidrIpv6: { type: "string" },
      description: { type: "string" },
      fromPort: { type: "number", min: -1, max: 65_535 },
      ipProtocol: { type: "string", required: true },
      prefixListId: { type: "string" },
      referencedSecurityGroupId: { type: "string" },
      securityGroupId: { type: "string", required: true, replaces: true },
      toPort: { type: "number", min: -1, max: 65_535 },
    },
    outputs: { arn: {}, securityGroupRuleId: {} },
    rules: groupDescriptionRules,
  };
}

export const securityGroupIngressRule = rule("Ingress");
export const securityGroupEgressRule = rule("Egress");
