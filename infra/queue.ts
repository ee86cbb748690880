import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings";
import { tags } from "./tags";

/** SQS's largest message, bytes. Its own default is still 262,144. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/**
 * Seconds a received event stays hidden. AWS advises six times the function's timeout, so that a batch that is throttled
 * is not received twice, and the time a batch waits to fill on top.
 */
export function visibilityTimeout({
  postQueueTimeout,
  batchWindow,
  visibilityTimeout: chosen,
}: Pick<Settings, "postQueueTimeout" | "batchWindow" | "visibilityTimeout">): number {
  return chosen ?? 6 * postQueueTimeout + batchWindow;
}

/** The queue of a deployment, and the one for what could not be stored. */
export class Queue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;

  constructor(logicalName: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("nami:queue:Queue", logicalName, {}, opts);
    const child = { parent: this };
    const common = (name: string) => ({
      maxMessageSize: MAX_MESSAGE_BYTES,
      sqsManagedSseEnabled: true,
      tags: tags(settings.name, name),
    });
    this.deadLetters = new aws.sqs.Queue(
      `${logicalName}-dead-letters`,
      { ...common(`${logicalName}-dead-letters`), messageRetentionSeconds: settings.deadLetterRetention },
      child,
    );
    this.queue = new aws.sqs.Queue(
      `${logicalName}-queue`,
      {
        ...common(`${logicalName}-queue`),
        messageRetentionSeconds: settings.retention,
        visibilityTimeoutSeconds: visibilityTimeout(settings),
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.arn,
          maxReceiveCount: settings.maxReceives,
        }),
      },
      child,
    );
    // Apart from the queue it is about: the two queues name each other.
    new aws.sqs.RedriveAllowPolicy(
      `${logicalName}-dead-letters`,
      {
        queueUrl: this.deadLetters.url,
        redriveAllowPolicy: pulumi.jsonStringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [this.queue.arn],
        }),
      },
      child,
    );
    this.registerOutputs();
  }
}
