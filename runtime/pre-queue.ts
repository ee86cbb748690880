import handler from "nami:pre-queue";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { intake } from "./intake";
import { jsonLog } from "./log";
import { queueClientFromEnv } from "./queue-client";
import { type PreQueueSettings, requiredVariable } from "./settings";

/** For the bundler's check of a user's file before anything is deployed. */
export const userCode: unknown = handler;

/** The pre-queue Lambda. Throws at a cold start when its environment is incomplete. */
export function createHandler(
  settings: PreQueueSettings,
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  const ports = {
    settings,
    probeKey: requiredVariable("NAMI_PROBE_KEY"),
    send: queueClientFromEnv().send,
    handler,
    now: Date.now,
    log: jsonLog(settings.name),
  };
  return (event) => intake(event, ports);
}
