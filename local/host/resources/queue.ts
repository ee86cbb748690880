import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { thing } from "../propagation";
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

const TYPE = "aws:sqs/queue:Queue";

function urlOf(services: Services, name: string): string {
  return `${services.awsUrl}/${LOCAL_ACCOUNT}/${name}`;
}

/** A queue by its name, as propagation.ts names it. */
export function queueThing(services: Services, name: string): string {
  return thing(TYPE, urlOf(services, name));
}

/** A queue that was just made "does not exist" for a while. */
export const queue: ResourceKind = {
  type: TYPE,
  /** Events in it are acknowledged: a run that does not know the queue must not take them along. */
  keepsData(services, { inputs }) {
    const name = String(inputs.name);
    if (!services.queues.has(name)) return false;
    const { visible, inFlight, delayed } = services.queues.counts(name);
    return visible + inFlight + delayed > 0;
  },
  async create(services, { inputs }) {
    const url = urlOf(services, String(inputs.name));
    if (services.find(this.type, url)) {
      throw new AwsError("QueueNameExists", `A queue named ${inputs.name} already exists on this machine.`);
    }
    put(services, inputs);
    await services.propagation.begin(thing(TYPE, url), "creating");
    return { id: url, outputs: { arn: arn("sqs", String(inputs.region), String(inputs.name)), url } };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    await services.propagation.begin(thing(TYPE, record.id), "updating", () => put(services, inputs));
    return record.outputs;
  },
  async delete(services, record) {
    services.propagation.forget(thing(TYPE, record.id));
    services.queues.remove(String(record.inputs.name));
  },
};
