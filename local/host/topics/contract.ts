import type { PolicyDocument } from "../iam/contract";

export interface TopicSpec {
  arn: string;
  /** The name that mails come from; default: AWS Notifications. */
  displayName?: string;
}

export interface SubscriptionSpec {
  arn: string;
  topicArn: string;
  protocol: "email";
  /** The address. */
  endpoint: string;
}

export interface TopicMessage {
  subject: string;
  /** As a mail has it. */
  text: string;
}

/** A service that publishes, and for which of its resources. */
export interface Publisher {
  /** e.g. "cloudwatch.amazonaws.com". */
  service: string;
  sourceArn: string;
}

/** SNS topics. What a mail server would send is written to NAMI_HOME/host/mail. */
export interface Topics {
  put(spec: TopicSpec): void;
  /** Its subscriptions go with it. */
  remove(arn: string): void;
  /** In place of the default policy, which lets everything of its own account publish. Throws AwsError InvalidParameter. */
  setPolicy(arn: string, policy: PolicyDocument): void;
  resetPolicy(arn: string): void;
  /** Throws AwsError NotFound. */
  subscribe(spec: SubscriptionSpec): void;
  unsubscribe(arn: string): void;
  /** Throws AwsError NotFound; AuthorizationError unless the topic's policy lets the publisher. */
  publish(arn: string, message: TopicMessage, publisher: Publisher): void;
}
