import handler from "nami:post-queue";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { codeSecrets } from "./code-secrets";
import { jsonLog } from "./log";
import { type PostQueueSettings, requiredVariable } from "./settings";
import { createStore } from "./store";
import { passwordsOf } from "./store-error";
import { work } from "./work";

/** For the bundler's check of a user's file before anything is deployed. */
export const userCode: unknown = handler;

/** The post-queue Lambda. Throws at a cold start when its environment is incomplete. */
export function createHandler(
  settings: PostQueueSettings,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const uri = requiredVariable("NAMI_MONGO_URI");
  const secrets = codeSecrets();
  const texts = Object.values(secrets).map((value) => value ?? "");
  const log = jsonLog(settings.name, { secrets: [uri, ...passwordsOf(uri), ...texts] });
  const store = createStore({ uri, ...settings, log });
  return (event, context) =>
    work(event, {
      store,
      uri,
      handler,
      secrets,
      now: Date.now,
      remaining: () => context.getRemainingTimeInMillis(),
      log,
    });
}
