import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "./lambda-function";
import { days } from "./option-values";
import { receiveMessages } from "./policies";
import type { Queue } from "./queue";
import type { Settings } from "./settings";
import { type Store, storeSettings } from "./store";
import { tags } from "./tags";
import { codeSecrets, userCode } from "./user-code";

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
        settings: {
          ...storeSettings(settings),
          ...(settings.maxReceives === 1 && { isolateFirst: true }),
        },
        variables: { NAMI_MONGO_URI: store.uri, ...codeSecrets(settings) },
        ...userCode(settings, settings.postQueue),
        memory: settings.postQueueMemory,
        timeout: settings.postQueueTimeout,
        retentionDays: days(settings.logRetention),
        statements: [queue.queue.arn.apply(receiveMessages)],
        network: store.networks?.worker,
      },
      { parent: this },
    );
  }

  /** Not reserved concurrency: that takes messages it cannot work on and counts each as a failed receive. */
  private eventSourceMapping(
    logicalName: string,
    { settings, queue, store }: WorkerArgs,
  ): aws.lambda.EventSourceMapping {
    return new aws.lambda.EventSourceMapping(
      `${logicalName}-mapping`,
      {
        eventSourceArn: queue.queue.arn,
        functionName: this.postQueue.resource.arn,
        // The watchdog turns it on once MongoDB answers: what comes in before then waits, and is not tried in vain.
        enabled: false,
        batchSize: settings.batchSize,
        maximumBatchingWindowInSeconds: settings.batchWindow,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: settings.concurrency },
        tags: tags(settings.name, `${logicalName}-mapping`),
      },
      {
        parent: this,
        // AWS checks at creation that the role may receive.
        dependsOn: [this.postQueue.rolePolicy, ...store.parts],
        // Turned off and on by the watchdog, and by people.
        ignoreChanges: ["enabled"],
        // While a host takes the place of another, nothing is taken out of the queue: the mapping goes before the old
        // host and comes after the new one.
        replaceWith: store.parts,
        deleteBeforeReplace: true,
      },
    );
  }
}
