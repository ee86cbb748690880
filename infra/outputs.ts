import type { Endpoint } from "./endpoint";
import type { Operator } from "./operator";
import type { Queue } from "./queue";
import type { Settings } from "./settings";
import type { Store } from "./store";
import type { Worker } from "./worker";

interface Pipeline {
  settings: Settings;
  queue: Queue;
  endpoint: Endpoint;
  worker: Worker;
  operator: Operator;
  store: Store;
}

/** What the CLI works with: the outputs of a name's stack. `probeKey` is a secret. */
export function outputs({
  settings,
  queue,
  endpoint,
  worker,
  operator,
  store,
}: Pipeline): Record<string, unknown> {
  const functions = { preQueue: endpoint.preQueue, postQueue: worker.postQueue, operator: operator.function };
  return {
    name: settings.name,
    target: settings.target,
    region: settings.region,
    url: endpoint.url,
    verified: false,
    queueName: queue.queue.name,
    queueUrl: queue.queue.url,
    queueArn: queue.queue.arn,
    deadLetterQueueName: queue.deadLetters.name,
    deadLetterQueueUrl: queue.deadLetters.url,
    deadLetterQueueArn: queue.deadLetters.arn,
    preQueueFunction: functions.preQueue.resource.name,
    postQueueFunction: functions.postQueue.resource.name,
    operatorFunction: functions.operator.resource.name,
    mappingId: worker.mapping.id,
    instanceId: store.instanceId,
    logGroups: {
      preQueue: functions.preQueue.logGroup.name,
      postQueue: functions.postQueue.logGroup.name,
      operator: functions.operator.logGroup.name,
    },
    probeKey: endpoint.probeKey,
  };
}
