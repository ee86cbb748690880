import type * as aws from "@pulumi/aws";
import type { Endpoint } from "./endpoint";
import type { Operator } from "./operator";
import type { Queue } from "./queue";
import { codeSecretNames, secretFacts } from "./secret-facts";
import { type Settings, settingsOf } from "./settings";
import type { Store } from "./store";
import type { Watchdog } from "./watchdog";
import type { Worker } from "./worker";

interface Pipeline {
  settings: Settings;
  account: { accountId: string };
  queue: Queue;
  endpoint: Endpoint;
  worker: Worker;
  operator: Operator;
  watchdog: Watchdog;
  store: Store;
  alarms: aws.cloudwatch.MetricAlarm[];
}

/** What the CLI works with: the outputs of a name's stack. `probeKey` is a secret. */
export function outputs(pipeline: Pipeline): Record<string, unknown> {
  const { settings, account, queue, endpoint, worker, store, alarms } = pipeline;
  const functions = {
    preQueue: endpoint.preQueue,
    postQueue: worker.postQueue,
    operator: pipeline.operator.function,
    watchdog: pipeline.watchdog.function,
  };
  return {
    name: settings.name,
    target: settings.target,
    region: settings.region,
    accountId: account.accountId,
    url: endpoint.url,
    invokeUrl: endpoint.invokeUrl,
    verified: settings.verify !== "none",
    verify: settings.verify,
    secrets: secretFacts(settings),
    codeSecretNames: codeSecretNames(settings),
    options: { ...settingsOf("pipeline", settings), ...settingsOf("data", settings) },
    queueName: queue.queue.name,
    queueUrl: queue.queue.url,
    queueArn: queue.queue.arn,
    deadLetterQueueName: queue.deadLetters.name,
    deadLetterQueueUrl: queue.deadLetters.url,
    deadLetterQueueArn: queue.deadLetters.arn,
    preQueueFunction: functions.preQueue.resource.name,
    postQueueFunction: functions.postQueue.resource.name,
    operatorFunction: functions.operator.resource.name,
    watchdogFunction: functions.watchdog.resource.name,
    mappingId: worker.mapping.id,
    instanceId: store.instanceId,
    logGroups: Object.fromEntries(Object.entries(functions).map(([key, fn]) => [key, fn.logGroup.name])),
    alarms: alarms.map(({ name }) => name),
    probeKey: endpoint.probeKey,
  };
}
