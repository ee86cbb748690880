import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { publishAlarms } from "../policies";
import type { Settings } from "../settings";
import { tags } from "../tags";

/** Where the alarms of a name are told, and who hears them. */
export class Topic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;
  /** Without it CloudWatch is refused. */
  readonly policy: aws.sns.TopicPolicy;

  constructor(logicalName: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("nami:alarms:Topic", logicalName, {}, opts);
    const { name, alarmEmail } = settings;
    this.topic = new aws.sns.Topic(
      logicalName,
      // What a mail gives as its sender.
      { displayName: `Nami ${name}`, tags: tags(name, logicalName) },
      { parent: this },
    );
    this.policy = new aws.sns.TopicPolicy(
      logicalName,
      {
        arn: this.topic.arn,
        policy: this.topic.arn.apply((arn) => publishAlarms(arn, alarmsOf(arn, name))),
      },
      { parent: this },
    );
    if (alarmEmail) {
      new aws.sns.TopicSubscription(
        logicalName,
        { topic: this.topic.arn, protocol: "email", endpoint: alarmEmail },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/** Of the same partition, region and account as the topic; autonaming ends each alarm's name with random digits. */
function alarmsOf(topicArn: string, name: string): string {
  const [arn, partition, , region, account] = topicArn.split(":");
  return [arn, partition, "cloudwatch", region, account, "alarm", `nami-${name}-*`].join(":");
}
