import { randomUUID } from "node:crypto";
import type { ResourceRecord } from "../../protocol";
import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface SnsListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

const NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

/** SNS over its query protocol: ListSubscriptionsByTopic, on one page. */
export function createSnsLists({ iam, all }: SnsListsOptions): AwsHandler {
  return async ({ identity, url, body }) => {
    const query = new URLSearchParams(body.length > 0 ? body.toString() : url.split("?")[1]);
    const action = query.get("Action") ?? "";
    if (action !== "ListSubscriptionsByTopic")
      throw new AwsError("InvalidAction", `The local target has no SNS action ${action}.`);
    const topic = query.get("TopicArn") ?? "";
    iam.authorize(identity, `sns:${action}`, topic);
    if (!all("aws:sns/topic:Topic").some(({ id }) => id === topic))
      throw new AwsError("NotFound", "Topic does not exist", 404);
    const members = all("aws:sns/topicSubscription:TopicSubscription")
      .filter(({ inputs }) => inputs.topic === topic)
      .map(({ id, inputs }) => {
        const fields = { SubscriptionArn: id, Protocol: inputs.protocol, Endpoint: inputs.endpoint };
        const elements = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
        return `<member>${elements.join("")}<TopicArn>${topic}</TopicArn></member>`;
      });
    const result = `<${action}Result><Subscriptions>${members.join("")}</Subscriptions></${action}Result>`;
    const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<${action}Response xmlns="${NAMESPACE}">${result}${metadata}</${action}Response>`,
    };
  };
}
