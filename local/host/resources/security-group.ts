import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, defaultVpc } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import type { ResourceKind } from "../services";

const RULES = ["Ingress", "Egress"].map(
  (direction) => `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
);

/** A fact: what runs here listens on 127.0.0.1 and no other address. */
export const securityGroup: ResourceKind = {
  type: "aws:ec2/securityGroup:SecurityGroup",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const vpcId = String(inputs.vpcId ?? defaultVpc(region).vpcId);
    const twin = services
      .all(this.type)
      .find((other) => other.inputs.name === inputs.name && other.outputs.vpcId === vpcId);
    if (twin) {
      const message = `The security group '${inputs.name}' already exists for VPC '${vpcId}'`;
      throw new AwsError("InvalidGroup.Duplicate", message);
    }
    const id = ec2Id("sg");
    return {
      id,
      outputs: { arn: arn("ec2", region, `security-group/${id}`), ownerId: LOCAL_ACCOUNT, vpcId },
    };
  },
  async delete(services, record) {
    const named = RULES.flatMap((type) => services.all(type)).some(
      ({ inputs }) => inputs.referencedSecurityGroupId === record.id && inputs.securityGroupId !== record.id,
    );
    if (!named && !services.holds.holderOf(record.id)) return;
    throw new AwsError("DependencyViolation", `resource ${record.id} has a dependent object`);
  },
};
