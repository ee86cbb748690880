import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { PolicyDocument, ResourceKind, Services } from "../services";

function put(services: Services, { arn, policy }: Inputs): void {
  let document: PolicyDocument;
  try {
    document = JSON.parse(String(policy)) as PolicyDocument;
  } catch {
    throw new AwsError("InvalidParameter", "Invalid parameter: Policy Error: the policy is not JSON.");
  }
  services.topics.setPolicy(String(arn), document);
}

/** Who may publish to a topic. Deleted, it leaves the default policy behind: a topic is never without one. */
export const topicPolicy: ResourceKind = {
  type: "aws:sns/topicPolicy:TopicPolicy",
  async create(services, { inputs }) {
    const id = String(inputs.arn);
    if (services.find(this.type, id)) {
      throw new AwsError("ResourceConflictException", `${id} has a TopicPolicy already.`, 409);
    }
    put(services, inputs);
    return { id, outputs: { owner: LOCAL_ACCOUNT } };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.topics.resetPolicy(record.id);
  },
};
