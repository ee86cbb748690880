import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import type { ResourceKind } from "../services";

function rule(direction: "Ingress" | "Egress"): ResourceKind {
  return {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    async create(services, { inputs }) {
      const group = String(inputs.securityGroupId);
      if (!services.find("aws:ec2/securityGroup:SecurityGroup", group)) {
        throw new AwsError("InvalidGroup.NotFound", `The security group '${group}' does not exist`);
      }
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
