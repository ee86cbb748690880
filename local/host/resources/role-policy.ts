import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { thing } from "../propagation";
import type { PolicyDocument, ResourceKind, Services } from "../services";

const TYPE = "aws:iam/rolePolicy:RolePolicy";

function idOf({ role, name }: Inputs): string {
  return `${role}:${name}`;
}

/** Until it has come through, the role may do what it could before. */
function put(services: Services, inputs: Inputs): Promise<void> {
  const document = JSON.parse(String(inputs.policy)) as PolicyDocument;
  const [role, name] = [String(inputs.role), String(inputs.name)];
  services.iam.checkRolePolicy(role, name, document);
  return services.propagation.begin(thing(TYPE, idOf(inputs)), "propagating", () =>
    services.iam.putRolePolicy(role, name, document),
  );
}

/** A role's inline policy: enforced on every call signed with the role's key. */
export const rolePolicy: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const role = String(inputs.role);
    if (!services.iam.hasRole(role)) {
      throw new AwsError("NoSuchEntity", `The role with name ${role} cannot be found.`, 404);
    }
    const id = idOf(inputs);
    if (services.find(this.type, id)) {
      throw new AwsError(
        "EntityAlreadyExists",
        `Role ${role} already has a policy named ${inputs.name}.`,
        409,
      );
    }
    await put(services, inputs);
    return { id, outputs: {} };
  },
  async restore(services, { inputs }) {
    const document = JSON.parse(String(inputs.policy)) as PolicyDocument;
    services.iam.putRolePolicy(String(inputs.role), String(inputs.name), document);
  },
  async update(services, record, inputs) {
    await put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.propagation.forget(thing(TYPE, record.id));
    services.iam.removeRolePolicy(String(record.inputs.role), String(record.inputs.name));
  },
};
