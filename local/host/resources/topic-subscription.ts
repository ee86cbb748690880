import { randomUUID } from "node:crypto";
import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

function subscribe(services: Services, arn: string, inputs: Inputs): void {
  const endpoint = String(inputs.endpoint);
  if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) {
    throw new AwsError("InvalidParameter", "Invalid parameter: Email address");
  }
  services.topics.subscribe({ arn, topicArn: String(inputs.topic), protocol: "email", endpoint });
}

/**
 * An address that a topic tells. There is no mail server on this machine: each notification is written, as the mail
 * would read, to a file in NAMI_HOME/host/mail. So nobody could follow the link of a confirmation either; on AWS a
 * subscription is pending until someone does, here it is confirmed from the beginning.
 */
export const topicSubscription: ResourceKind = {
  type: "aws:sns/topicSubscription:TopicSubscription",
  async create(services, { inputs }) {
    const arn = `${inputs.topic}:${randomUUID()}`;
    subscribe(services, arn, inputs);
    const outputs = {
      arn,
      confirmationWasAuthenticated: false,
      ownerId: LOCAL_ACCOUNT,
      pendingConfirmation: false,
    };
    return { id: arn, outputs };
  },
  async restore(services, record) {
    subscribe(services, record.id, record.inputs);
  },
  async delete(services, record) {
    services.topics.unsubscribe(record.id);
  },
};
