import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "./lambda-function";
import { receiveMessages } from "./policies";
import type { Queue } from "./queue";
import type { Settings } from "./settings";
import { DATABASE, type Store } from "./store";
import { tags } from "./tags";

export interface WorkerArgs {
  settings: Settings;
  bundlePath: string;
  queue: Queue;
  store: Store;
}

/** From the queue into the store: post-queue function, and the mapping that feeds it. */
export class Worker extends pulumi.ComponentResource {
  readonly postQueue: LambdaFunction;
  readonly mapping: aws.lambda.EventSourceMapping;

  constructor(logicalName: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:worker:Worker", logicalName, {}, opts);
    this.postQueue = this.postQueueFunction(logicalName, args);
    this.mapping = this.eventSourceMapping(logicalName, args);
    this.registerOutputs();
  }

  private postQueueFunction(
    logicalName: string,
    { settings, bundlePath, queue, store }: WorkerArgs,
  ): LambdaFunction {
    const { name } = settings;
    return new LambdaFunction(
      `${logicalName}-post-queue`,
      {
        name,
        description: `Stores the webhooks of ${name}`,
        bundlePath,
        settings: { name, database: DATABASE },
        variables: { NAMI_MONGO_URI: store.uri },
        memory: settings.postQueueMemory,
        timeout: settings.postQueueTimeout,
        statements: [queue.queue.arn.apply(receiveMessages)],
        network: store.network,
      },
      { parent: this },
    );
  }

  /** Not reserved concurrency: that takes messages it cannot work on and counts each as a failed receive. */
  private eventSourceMapping(
    logicalName: string,
    { settings, queue }: WorkerArgs,
  ): aws.lambda.EventSourceMapping {
    return new aws.lambda.EventSourceMapping(
      `${logicalName}-mapping`,
      {
        eventSourceArn: queue.queue.arn,
        functionName: this.postQueue.resource.arn,
        enabled: true,
        batchSize: settings.batchSize,
        maximumBatchingWindowInSeconds: settings.batchWindow,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: settings.concurrency },
        tags: tags(settings.name, `${logicalName}-mapping`),
      },
      // AWS checks at creation that the role may receive.
      { parent: this, dependsOn: [this.postQueue.rolePolicy] },
    );
  }
}
