import { writeFileSync } from "node:fs";
import { BSON, MongoClient } from "mongodb";
import { codeSecrets } from "../code-secrets";
import { eventDocument } from "../document";
import type { PostQueueHandler } from "../handlers";
import { jsonLog, reasonOf } from "../log";
import { HandlerFailure, runPostQueue } from "../post-queue-code";
import { requiredVariable } from "../settings";
import { clientOptions } from "../store";
import { passwordsOf } from "../store-error";
import { ISOLATED, type ProcessSettings, type Run, type Said } from "./messages";

/** The parent process enforces the time limit. Milliseconds; the longest that a timer takes. */
const NO_LIMIT = 2 ** 31 - 1;
/** Milliseconds that the MongoDB driver may wait. */
const DRIVER_BUDGET = 30_000;

/** Whether this process is one that `Isolation` has started. */
export function isIsolatedProcess(main: boolean): boolean {
  return main && process.argv[2] === ISOLATED && process.send !== undefined;
}

/** Runs the user's code on each event it receives, until it is ended or its parent process ends. */
export function serveIsolated(handler: PostQueueHandler): void {
  dieFirst();
  const say = process.send!.bind(process) as (said: Said) => void;
  // Some libraries send messages of their own when they find `process.send`.
  process.send = undefined;
  process.on("disconnect", () => process.exit(0));
  const settings = JSON.parse(process.argv[3]!) as ProcessSettings;
  const ports = portsOf(settings);
  process.on("message", async (run: Run) => {
    say(await answer(handler, run, ports));
  });
  say({ says: "ready" });
}

/** Makes Linux end this process first when memory runs out, and not the one that stores the other events. */
function dieFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Not Linux: nothing to ask for.
  }
}

/** The MongoDB client connects only when the user's code uses it. */
function portsOf({ name, database }: ProcessSettings) {
  const uri = requiredVariable("NAMI_MONGO_URI");
  const secrets = codeSecrets();
  const texts = Object.values(secrets).map((value) => value ?? "");
  return {
    db: new MongoClient(uri, clientOptions(uri, DRIVER_BUDGET)).db(database),
    secrets,
    log: jsonLog(name, { secrets: [uri, ...passwordsOf(uri), ...texts] }),
  };
}

async function answer(
  handler: PostQueueHandler,
  { run, meta, raw, attempts, now }: Run,
  ports: ReturnType<typeof portsOf>,
): Promise<Said> {
  try {
    const document = eventDocument(meta, raw, { now, attempts });
    const processed = await runPostQueue(handler, document, { ...ports, now, limitMs: NO_LIMIT });
    const bytes = BSON.serialize({ ...processed.document, raw: undefined }, { ignoreUndefined: true });
    return { says: "done", run, kind: processed.kind, document: Buffer.from(bytes) };
  } catch (error) {
    const cause = error instanceof HandlerFailure ? error.cause : error;
    const stack = cause instanceof Error ? cause.stack : undefined;
    return { says: "failed", run, reason: reasonOf(cause), ...(stack !== undefined && { stack }) };
  }
}
