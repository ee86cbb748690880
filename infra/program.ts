import { Alarms } from "./alarms/alarms";
import { Dashboard } from "./alarms/dashboard";
import { bundleHandler, userRequest } from "./bundle";
import { Endpoint } from "./endpoint";
import { Operator } from "./operator";
import { outputs } from "./outputs";
import { Queue } from "./queue";
import { readSettings, type Settings } from "./settings";
import { gatewayOutputs, type Shared } from "./shared-stacks";
import { createStore } from "./store";
import { checkTarget } from "./target-check";
import { toldWhenMade } from "./told-when-made";
import { Watchdog } from "./watchdog";
import { watchedParts } from "./watched";
import { Worker } from "./worker";

/** What an operation tells the program beside the stack's config. */
export interface Asked extends Shared {
  /** Once: the Mongo host is to have the newest image. */
  upgradeHost?: boolean;
}

/**
 * The program of the project `nami`: one stack per name.
 *
 *     provider ─POST─▶ gateway /<name> ─▶ pre-queue ─▶ queue ─▶ post-queue ─▶ MongoDB
 *                                                        └▶ dead letters
 *
 * `asked` says which of the shared stacks do not exist yet, in a preview that comes before them.
 */
export function programWith(asked: Asked): Promise<Record<string, unknown>> {
  return toldWhenMade(() => pipeline(asked))();
}

async function pipeline(asked: Asked): Promise<Record<string, unknown>> {
  const settings = readSettings();
  const account = await checkTarget(settings);
  const bundles = await bundleHandlers(settings);
  const prefix = `nami-${settings.name}`;

  const gateway = await gatewayOutputs(settings, asked.gateway);
  const store = await createStore(prefix, settings, asked);
  const queue = new Queue(prefix, settings);
  const worker = new Worker(prefix, { settings, bundlePath: bundles.postQueue, queue, store });
  const operator = new Operator(prefix, { settings, bundlePath: bundles.operator, store });
  const watchdog = new Watchdog(prefix, { settings, bundlePath: bundles.watchdog, worker, operator });
  const endpoint = new Endpoint(prefix, { settings, bundlePath: bundles.preQueue, gateway, queue });

  const watched = watchedParts({ settings, gateway, queue, endpoint, worker, operator, watchdog });
  const alarms = settings.alarms === "on" ? new Alarms(prefix, { settings, watched }).alarms : [];
  if (settings.dashboard === "on") {
    const { region } = settings;
    new Dashboard(prefix, { region, watched, alarms: alarms.map(({ arn }) => arn) });
  }
  return outputs({ settings, account, queue, endpoint, worker, operator, watchdog, store, alarms });
}

export const program = () => programWith({});

/** The bundles' paths under the program's folder. */
async function bundleHandlers(settings: Settings) {
  const { name } = settings;
  const cwd = process.cwd();
  const [pre, post, operator, watchdog] = await Promise.all([
    bundleHandler({ ...userRequest("pre-queue", settings), cwd }),
    bundleHandler({ ...userRequest("post-queue", settings), cwd }),
    bundleHandler({ kind: "operator", name, cwd }),
    bundleHandler({ kind: "watchdog", name, cwd }),
  ]);
  return {
    preQueue: pre.path,
    postQueue: post.path,
    operator: operator.path,
    watchdog: watchdog.path,
  };
}
