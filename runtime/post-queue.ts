import handler from "nami:post-queue";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { codeSecrets } from "./code-secrets";
import storeEvery from "./default-post-queue";
import { Isolation, lanesFor } from "./isolation/isolation";
import { isIsolatedProcess, serveIsolated } from "./isolation/process";
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
  const isolation = isolationOf(settings);
  return (event, context) =>
    work(event, {
      store,
      uri,
      handler,
      secrets,
      isolation,
      isolateFirst: settings.isolateFirst,
      now: Date.now,
      remaining: () => context.getRemainingTimeInMillis(),
      log,
    });
}

/** None without code of the user's, which cannot end its process, and none where there is no memory for one. */
function isolationOf({ name, database }: PostQueueSettings): Isolation | undefined {
  const lanes = lanesFor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE));
  if (handler === storeEvery || !(lanes > 0)) return undefined;
  return new Isolation({ file: __filename, settings: { name, database }, lanes });
}

if (isIsolatedProcess(require.main === module)) serveIsolated(handler);
