import { Alarms } from "./alarms/alarms";
import { Dashboard } from "./alarms/dashboard";
import { type Bundle, type BundleRequest, bundleHandler, userRequest } from "./bundle";
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

/** Puts the code of one function under the request's folder, and says where. */
export type Bundler = (request: BundleRequest) => Promise<Pick<Bundle, "path">>;

/**
 * The program of the project `nami`: one stack per name.
 *
 *     provider ─POST─▶ gateway /<name> ─▶ pre-queue ─▶ queue ─▶ post-queue ─▶ MongoDB
 *                                                        └▶ dead letters
 *
 * `asked` says which of the shared stacks do not exist yet, in a preview that comes before them. `bundle` makes the
 * file of each function; the default compiles it.
 */
export function programWith(asked: Asked, bundle: Bundler = bundleHandler): Promise<Record<string, unknown>> {
  return toldWhenMade(() => pipeline(asked, bundle))();
}

async function pipeline(asked: Asked, bundle: Bundler): Promise<Record<string, unknown>> {
  const settings = readSettings();
  const account = await checkTarget(settings);
  const bundles = await bundleHandlers(settings, bundle);
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
async function bundleHandlers(settings: Settings, bundle: Bundler) {
  const { name } = settings;
  const cwd = process.cwd();
  const [pre, post, operator, watchdog] = await Promise.all([
    bundle({ ...userRequest("pre-queue", settings), cwd }),
    bundle({ ...userRequest("post-queue", settings), cwd }),
    bundle({ kind: "operator", name, cwd }),
    bundle({ kind: "watchdog", name, cwd }),
  ]);
  return {
    preQueue: pre.path,
    postQueue: post.path,
    operator: operator.path,
    watchdog: watchdog.path,
  };
}
