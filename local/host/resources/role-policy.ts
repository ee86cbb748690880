import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import type { PolicyDocument, ResourceKind, Services } from "../services";

function put(services: Services, inputs: Inputs): void {
  const document = JSON.parse(String(inputs.policy)) as PolicyDocument;
  services.iam.putRolePolicy(String(inputs.role), String(inputs.name), document);
}

/** A role's inline policy: enforced on every call signed with the role's key. */
export const rolePolicy: ResourceKind = {
  type: "aws:iam/rolePolicy:RolePolicy",
  async create(services, { inputs }) {
    const role = String(inputs.role);
    if (!services.iam.hasRole(role)) {
      throw new AwsError("NoSuchEntity", `The role with name ${role} cannot be found.`, 404);
    }
    const id = `${role}:${inputs.name}`;
    if (services.find(this.type, id)) {
      throw new AwsError(
        "EntityAlreadyExists",
        `Role ${role} already has a policy named ${inputs.name}.`,
        409,
      );
    }
    put(services, inputs);
    return { id, outputs: {} };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.iam.removeRolePolicy(String(record.inputs.role), String(record.inputs.name));
  },
};
