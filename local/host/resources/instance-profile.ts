import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { iamId } from "../ids";
import { thing } from "../propagation";
import type { ResourceKind } from "../services";

/** A role in the form a machine takes it; the machine looks it up when it starts. */
export const instanceProfile: ResourceKind = {
  type: "aws:iam/instanceProfile:InstanceProfile",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      throw new AwsError("EntityAlreadyExists", `Instance Profile ${name} already exists.`, 409);
    }
    if (inputs.role && !services.iam.hasRole(String(inputs.role))) {
      throw new AwsError("NoSuchEntity", `The role with name ${inputs.role} cannot be found.`, 404);
    }
    await services.propagation.begin(thing(this.type, name), "propagating");
    const createDate = new Date(services.clock.now()).toISOString();
    const outputs = { arn: arn("iam", "", `instance-profile/${name}`), createDate, uniqueId: iamId("AIPA") };
    return { id: name, outputs };
  },
};
