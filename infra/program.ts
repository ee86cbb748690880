import { bundleHandler } from "./bundle";
import { Endpoint } from "./endpoint";
import { Operator } from "./operator";
import { outputs } from "./outputs";
import { Queue } from "./queue";
import { readSettings, type Settings } from "./settings";
import { gatewayOutputs, type Shared } from "./shared-stacks";
import { createStore } from "./store";
import { checkTarget } from "./target-check";
import { Worker } from "./worker";

/**
 * The program of the project `nami`: one stack per name.
 *
 *     provider ─POST─▶ gateway /<name> ─▶ pre-queue ─▶ queue ─▶ post-queue ─▶ MongoDB
 *                                                        └▶ dead letters
 *
 * `shared` says which of the shared stacks do not exist yet, in a preview that comes before them.
 */
export async function programWith(shared: Shared): Promise<Record<string, unknown>> {
  const settings = readSettings();
  await checkTarget(settings);
  const bundles = await bundleHandlers(settings);
  const prefix = `nami-${settings.name}`;

  const gateway = await gatewayOutputs(settings, shared.gateway);
  const store = await createStore(prefix, settings, shared.data);
  const queue = new Queue(prefix, settings);
  const worker = new Worker(prefix, { settings, bundlePath: bundles.postQueue, queue, store });
  const operator = new Operator(prefix, { settings, bundlePath: bundles.operator, store });
  const endpoint = new Endpoint(prefix, { settings, bundlePath: bundles.preQueue, gateway, queue });

  return outputs({ settings, queue, endpoint, worker, operator, store });
}

export const program = () => programWith({});

/** The three bundles' paths under the program's folder. */
async function bundleHandlers({ name, preQueue, postQueue }: Settings) {
  const cwd = process.cwd();
  const [pre, post, operator] = await Promise.all([
    bundleHandler({ kind: "pre-queue", name, userFile: preQueue, cwd }),
    bundleHandler({ kind: "post-queue", name, userFile: postQueue, cwd }),
    bundleHandler({ kind: "operator", name, cwd }),
  ]);
  return { preQueue: pre.path, postQueue: post.path, operator: operator.path };
}
