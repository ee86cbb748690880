import { AwsError } from "../aws-error";
import type { ResourceKind } from "../services";

/** Kept as a fact: the managed policies that may be attached here grant nothing that is called on this machine. */
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
    return { id, outputs: {} };
  },
};
