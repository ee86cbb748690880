import { AwsError } from "../aws-error";
import { managedPolicy } from "../iam/managed-policies";
import type { ResourceKind, Services } from "../services";

function put(services: Services, role: string, policyArn: string): void {
  services.iam.putRolePolicy(role, policyArn, managedPolicy(policyArn));
}

/** One of AWS's own policies, in force for the role as if it were written there. */
export const rolePolicyAttachment: ResourceKind = {
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  async create(services, { inputs }) {
    const role = String(inputs.role);
    if (!services.iam.hasRole(role)) {
      throw new AwsError("NoSuchEntity", `The role with name ${role} cannot be found.`, 404);
    }
    const id = `${role}/${inputs.policyArn}`;
    if (services.find(this.type, id)) {
      throw new AwsError("EntityAlreadyExists", `${inputs.policyArn} is attached to ${role} already.`, 409);
    }
    put(services, role, String(inputs.policyArn));
    return { id, outputs: {} };
  },
  async restore(services, { inputs }) {
    put(services, String(inputs.role), String(inputs.policyArn));
  },
  async delete(services, { inputs }) {
    services.iam.removeRolePolicy(String(inputs.role), String(inputs.policyArn));
  },
};
