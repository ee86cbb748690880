import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { QueueAttributes, ResourceKind, Services } from "../services";

function redrive(inputs: Inputs): Pick<QueueAttributes, "redrive"> {
  if (!inputs.redrivePolicy) return {};
  const policy = JSON.parse(String(inputs.redrivePolicy)) as {
    deadLetterTargetArn: string;
    maxReceiveCount: number;
  };
  // AWS takes the count as a number or as text.
  return { redrive: { ...policy, maxReceiveCount: Number(policy.maxReceiveCount) } };
}

function put(services: Services, inputs: Inputs): void {
  services.queues.put(String(inputs.name), {
    visibilityTimeoutSeconds: Number(inputs.visibilityTimeoutSeconds),
    messageRetentionSeconds: Number(inputs.messageRetentionSeconds),
    maxMessageSize: Number(inputs.maxMessageSize),
    delaySeconds: Number(inputs.delaySeconds),
    receiveWaitTimeSeconds: Number(inputs.receiveWaitTimeSeconds),
    ...redrive(inputs),
  });
}

export const queue: ResourceKind = {
  type: "aws:sqs/queue:Queue",
  /** Events in it are acknowledged: a run that does not know the queue must not take them along. */
  keepsData(services, { inputs }) {
    const name = String(inputs.name);
    if (!services.queues.has(name)) return false;
    const { visible, inFlight, delayed } = services.queues.counts(name);
    return visible + inFlight + delayed > 0;
  },
  async create(services, { inputs }) {
    const url = `${services.awsUrl}/${LOCAL_ACCOUNT}/${inputs.name}`;
    if (services.find(this.type, url)) {
      throw new AwsError("QueueNameExists", `A queue named ${inputs.name} already exists on this machine.`);
    }
    put(services, inputs);
    return { id: url, outputs: { arn: arn("sqs", String(inputs.region), String(inputs.name)), url } };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.queues.remove(String(record.inputs.name));
  },
};
