import { AwsError } from "../aws-error";
import type {
  Clock,
  PolicyDocument,
  Publisher,
  SubscriptionSpec,
  TopicMessage,
  TopicSpec,
  Topics,
} from "../services";
import { Outbox } from "./outbox";
import { authorizePublish, checkTopicPolicy } from "./topic-policy";

/** `dir` is NAMI_HOME/host. In memory: after a restart the resource table puts topics, policies and subscriptions back. */
export function createTopics(dir: string, clock: Clock): Topics {
  return new LocalTopics(new Outbox(dir), clock);
}

interface Topic {
  spec: TopicSpec;
  policy?: PolicyDocument;
  subscriptions: Map<string, SubscriptionSpec>;
}

class LocalTopics implements Topics {
  private readonly topics = new Map<string, Topic>();

  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  put(spec: TopicSpec): void {
    const known = this.topics.get(spec.arn) ?? { subscriptions: new Map() };
    this.topics.set(spec.arn, { ...known, spec });
  }

  remove(arn: string): void {
    this.topics.delete(arn);
  }

  setPolicy(arn: string, policy: PolicyDocument): void {
    checkTopicPolicy(arn, policy);
    this.topic(arn).policy = policy;
  }

  resetPolicy(arn: string): void {
    const topic = this.topics.get(arn);
    if (topic) topic.policy = undefined;
  }

  subscribe(spec: SubscriptionSpec): void {
    this.topic(spec.topicArn).subscriptions.set(spec.arn, spec);
  }

  unsubscribe(arn: string): void {
    for (const { subscriptions } of this.topics.values()) subscriptions.delete(arn);
  }

  publish(arn: string, message: TopicMessage, publisher: Publisher): void {
    const { spec, policy, subscriptions } = this.topic(arn);
    authorizePublish(arn, policy, publisher);
    const fromName = spec.displayName || "AWS Notifications";
    // A second subscription of an address is, on AWS, the first one again.
    const addresses = new Set([...subscriptions.values()].map(({ endpoint }) => endpoint));
    for (const to of addresses) this.outbox.put({ ...message, fromName, to, at: this.clock.now() });
  }

  private topic(arn: string): Topic {
    const topic = this.topics.get(arn);
    if (topic) return topic;
    throw new AwsError("NotFound", "Topic does not exist", 404);
  }
}
