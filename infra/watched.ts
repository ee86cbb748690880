import type { Watched } from "./alarms/alarm-list";
import type { Endpoint } from "./endpoint";
import type { Operator } from "./operator";
import type { Queue } from "./queue";
import type { Settings } from "./settings";
import type { GatewayOutputs } from "./shared-stacks";
import type { Watchdog } from "./watchdog";
import type { Worker } from "./worker";

interface Pipeline {
  settings: Settings;
  gateway: GatewayOutputs;
  queue: Queue;
  endpoint: Endpoint;
  worker: Worker;
  operator: Operator;
  watchdog: Watchdog;
}

/** The parts of a pipeline that alarms and dashboard look at. */
export function watchedParts(pipeline: Pipeline): Watched {
  const { settings, gateway, queue, endpoint, worker, operator, watchdog } = pipeline;
  return {
    name: settings.name,
    queue: queue.queue.name,
    deadLetterQueue: queue.deadLetters.name,
    functions: {
      "pre-queue": endpoint.preQueue.resource.name,
      "post-queue": worker.postQueue.resource.name,
      operator: operator.function.resource.name,
      watchdog: watchdog.function.resource.name,
    },
    gateway: gateway.logsRequests ? gateway.apiId : undefined,
    verified: settings.verify !== "none",
  };
}
