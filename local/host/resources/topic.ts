import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

function put(services: Services, topicArn: string, inputs: Inputs): void {
  const { displayName } = inputs;
  services.topics.put({ arn: topicArn, ...(displayName ? { displayName: String(displayName) } : {}) });
}

export const topic: ResourceKind = {
  type: "aws:sns/topic:Topic",
  async create(services, { inputs }) {
    const topicArn = arn("sns", String(inputs.region), String(inputs.name));
    if (services.find(this.type, topicArn)) {
      throw new AwsError("InvalidParameter", `A topic named ${inputs.name} already exists on this machine.`);
    }
    put(services, topicArn, inputs);
    const outputs = { arn: topicArn, beginningArchiveTime: "", owner: LOCAL_ACCOUNT };
    return { id: topicArn, outputs };
  },
  async restore(services, record) {
    put(services, record.id, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, record.id, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.topics.remove(record.id);
  },
};
