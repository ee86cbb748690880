import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { iamId } from "../ids";
import { thing } from "../propagation";
import type { PolicyDocument, ResourceKind, Services } from "../services";

function put(services: Services, inputs: Inputs): void {
  services.iam.putRole(String(inputs.name), JSON.parse(String(inputs.assumeRolePolicy)) as PolicyDocument);
}

/** What still hangs on the role: AWS deletes none that is in use. */
function users(services: Services, name: string): string | undefined {
  const attached = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"];
  if (attached.some((type) => services.all(type).some((record) => record.inputs.role === name)))
    return "policies";
  const profiles = services.all("aws:iam/instanceProfile:InstanceProfile");
  return profiles.some((record) => record.inputs.role === name) ? "instance profiles" : undefined;
}

export const role: ResourceKind = {
  type: "aws:iam/role:Role",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`, 409);
    }
    put(services, inputs);
    await services.propagation.begin(thing(this.type, name), "propagating");
    const createDate = new Date(services.clock.now()).toISOString();
    return {
      id: name,
      outputs: { arn: arn("iam", "", `role/${name}`), createDate, uniqueId: iamId("AROA") },
    };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    const use = users(services, record.id);
    if (use && !(use === "policies" && record.inputs.forceDetachPolicies)) {
      throw new AwsError(
        "DeleteConflict",
        `Cannot delete entity, must remove role ${record.id} from its ${use} first.`,
        409,
      );
    }
    services.iam.removeRole(record.id);
  },
};
