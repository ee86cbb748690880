import { rmSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import type { Args } from "../command";
import { confirm } from "../command-line/ask";
import { checkName } from "../command-line/names";
import { withDeployedConfig } from "../deployments/deployed-config";
import { type Found, findName } from "../deployments/deployments";
import { removeDevMark } from "../deployments/dev-mark";
import { forgetConfig } from "../deployments/last-config";
import { placeOf } from "../deployments/place";
import { forgetState } from "../deployments/places";
import { forgetProfile } from "../deployments/profiles";
import {
  checkPassphrase,
  keptProvider,
  PASSPHRASE,
  type SecretsProvider,
} from "../deployments/secrets-provider";
import type { KeptStack } from "../deployments/state";
import { withWorkbench } from "../deployments/workbench";
import { makeProgress, type Progress } from "../display/progress";
import { writableHome } from "../home";
import type { Io } from "../io";
import { checkAccount } from "../operate/aws-credentials";
import { emptyQueue, type TakingDown as Work } from "./empty-queue";
import { type Held, holding, stacksOf } from "./hold";
import { settleInterrupted } from "./interrupted";
import { keepOptions } from "./keep-options";
import { refuseOtherMachine } from "./local-machine";
import { startLocalHost, stopIdleHost } from "./local-target";
import { recoverData } from "./lost-data";
import { freeMongoPort } from "./mongo-port";
import { gatewayRoom } from "./place";

/** What a `down` has to tell. */
export interface TakenDown {
  name: string;
  /** Events that were still stored while it drained, as far as they were seen waiting. */
  drained: number;
  /** Messages that were thrown away, dead letters among them. */
  discarded: number;
  data: "kept" | "deleted" | "none";
  /** Flags of the options that the next `up` will not know. */
  forgotten: string[];
  /** Its throttle at the gateway, as --throttles takes it: it went with the route. */
  throttle?: string;
  /** The host was stopped: it was the last name on this machine. */
  hostStopped: boolean;
}

async function destroyStack({ bench, progress }: Work, stack: KeptStack): Promise<void> {
  const room = { project: stack.project, stack: stack.stack };
  await withDeployedConfig(bench, room, async (open) => {
    await open.destroy({ onEvent: (event) => progress.onEvent(event) });
    await open.remove();
  });
  await forgetConfig(bench, room);
}

async function takePipelineDown(
  work: Work,
  kept: KeptStack,
  hasData: boolean,
): Promise<Pick<TakenDown, "drained" | "discarded" | "forgotten" | "throttle">> {
  const { progress } = work;
  const stack = await settleInterrupted(work, kept);
  const { queued, deadLetters, waited, failed } = await emptyQueue(work, stack);
  const forgotten = await keepOptions({ ...work, hasData }, stack.stack);
  progress.phase("Removing");
  await destroyStack(work, stack);
  await removeDevMark(work.backend, stack.stack);
  const { entry: throttle } = work.throttle ?? {};
  return {
    drained: Math.max(0, waited - queued - failed),
    discarded: queued + deadLetters,
    forgotten,
    ...(throttle && { throttle }),
  };
}

async function purge(work: Work, found: Found): Promise<void> {
  const { bench, progress } = work;
  if (found.data) {
    progress.phase("Deleting the data");
    // What the host does not know it would not delete.
    await recoverData(bench, found.data, progress);
    await destroyStack(work, await settleInterrupted(work, found.data));
  }
}

/** Nothing is left of the name: what this machine remembers of it would be wrong of the next one. */
async function forgetName({ bench, args, io }: Work): Promise<void> {
  await freeMongoPort(bench.home, args.name, io);
  forgetState(bench.home, args.name);
  forgetProfile(bench.home, args.name);
}

async function takeDownWith(work: Work, found: Found): Promise<TakenDown> {
  const { bench, args, io } = work;
  if (bench.target === "local") {
    await refuseOtherMachine(found.backend, args.name);
    await startLocalHost(bench.home, io);
  }
  const nothingDone = { drained: 0, discarded: 0, forgotten: [] };
  const hasData = found.data !== undefined && !args.purge;
  const done = found.stack ? await takePipelineDown(work, found.stack, hasData) : nothingDone;
  if (args.purge) await purge(work, found);
  if (!hasData) await forgetName(work);
  rmSync(join(paths.work(bench.home), ".nami", "build", args.name), { recursive: true, force: true });
  const kept = found.data ? "kept" : "none";
  const hostStopped = bench.target === "local" && (await stopIdleHost(bench.home, args.name, io));
  return { name: args.name, ...done, data: args.purge && found.data ? "deleted" : kept, hostStopped };
}

async function askFirst(args: Args, io: Io): Promise<void> {
  if (args.yes) return;
  const { name } = args;
  if (args.purge) await confirm(io, `All stored events of ${name} will be deleted, for good.`, name);
  else if (args.discard)
    await confirm(io, `Events of ${name} that are not stored will be thrown away.`, name);
}

async function underLock(
  args: Args,
  held: Held,
  secretsProvider: SecretsProvider,
  progress: Progress,
): Promise<TakenDown> {
  const { io } = held;
  const found = await findName(args, io);
  const { home, state } = found.backend;
  const place = { target: "local", region: "us-east-1", ...placeOf([found.stack, found.data]) };
  if (place.target === "aws") await checkAccount({ ...place, home, io }, [found.stack, found.data]);
  const request = { home, ...held, state, secretsProvider, ...place, verbose: args.verbose };
  const gateway = gatewayRoom(place);
  return withWorkbench(request, (bench) =>
    takeDownWith({ args, io, bench, backend: found.backend, region: place.region, progress, gateway }, found),
  );
}

/** `nami down`: closes the way in, waits for the worker, removes the pipeline. Throws what stands in docs/errors.md. */
export async function takeDown(args: Args, io: Io): Promise<TakenDown> {
  checkName(args.name);
  const { backend } = await findName(args, io);
  writableHome(io);
  const { name } = args;
  const provider = (await keptProvider(backend, name)) ?? PASSPHRASE;
  checkPassphrase(provider, backend, io);
  await askFirst(args, io);
  const progress = makeProgress(io, args);
  try {
    const what = { backend, io, name, command: `down ${name}`, stacks: stacksOf(name) };
    return await holding(what, (held) => underLock(args, held, provider, progress));
  } finally {
    progress.end();
  }
}
