import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, defaultVpc } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { interfacesWith, vpcNamed } from "../network/checks";
import type { RegionNetwork, ResourceKind } from "../services";

/** Rules of other groups that name it. */
function namedBy({ groups }: RegionNetwork, id: string): boolean {
  const others = [...groups.values()].filter((group) => group.id !== id);
  return others.some(({ egress, ingress }) => [...egress, ...ingress].some(({ groupId }) => groupId === id));
}

/** Functions are held to it in their sandboxes. */
export const securityGroup: ResourceKind = {
  type: "aws:ec2/securityGroup:SecurityGroup",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const network = services.network.in(region);
    const vpcId = vpcNamed(network, String(inputs.vpcId ?? defaultVpc(region).vpcId)).id;
    const groups = [...network.groups.values()];
    if (groups.some((group) => group.name === inputs.name && group.vpcId === vpcId)) {
      const message = `The security group '${inputs.name}' already exists for VPC '${vpcId}'`;
      throw new AwsError("InvalidGroup.Duplicate", message);
    }
    const id = ec2Id("sg");
    return {
      id,
      outputs: { arn: arn("ec2", region, `security-group/${id}`), ownerId: LOCAL_ACCOUNT, vpcId },
    };
  },
  async delete(services, { id, inputs }) {
    const network = services.network.in(String(inputs.region));
    if (interfacesWith(network, id).length === 0 && !namedBy(network, id)) return;
    throw new AwsError("DependencyViolation", `resource ${id} has a dependent object`);
  },
};
