import { options, type Written } from "../../infra/options";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { answeredVersion } from "../deployments/data-config";
import { deployedOptions } from "../deployments/deployed-config";
import { readDevMark } from "../deployments/dev-mark";
import type { Workbench } from "../deployments/room";
import { type Chosen, chooseOptions } from "../deployments/settings";
import type { KeptStack } from "../deployments/state";
import type { Io } from "../io";
import { type SecretChange, settleSecrets } from "./change-secrets";
import { mongoPortFor } from "./mongo-port";
import { gatewayRoom } from "./place";
import { refuseForgotten } from "./refuse-forgotten";
import { refuseLoss } from "./refuse-loss";

/** What stands of a name, and the gateway it shares. */
export interface Standing {
  stack?: KeptStack;
  data?: KeptStack;
  gateway?: KeptStack;
}

/** What an `up` is to do, and what it finds. */
export interface Decision {
  chosen: Chosen;
  /** The config of the last deployment; of kept data, when the pipeline is down; undefined for a new name. */
  before?: Written;
  standing: Standing;
}

/**
 * The options of the last deployment: those of the data as its own stack has them, which outlives the pipeline and is
 * brought up before it. undefined for a new name.
 */
export async function deployedConfig(
  bench: Workbench,
  backend: Backend,
  name: string,
): Promise<Written | undefined> {
  const [pipeline, data] = await Promise.all(
    (["nami", "nami-data"] as const).map((project) =>
      deployedOptions({ bench, backend }, { project, stack: name }),
    ),
  );
  if (!pipeline || !data) return pipeline ?? data;
  const isOfData = (option: string) => options.some(({ name, scope }) => name === option && scope === "data");
  const pick = (written: Written, ofData: boolean) =>
    Object.entries(written).filter(([option]) => isOfData(option) === ofData);
  return Object.fromEntries([...pick(pipeline, false), ...pick(data, true)]);
}

/** The pipeline of a name, and its data. */
export function ownStacks(
  backend: Backend,
  name: string,
): Promise<[pipeline: KeptStack | undefined, data: KeptStack | undefined]> {
  return Promise.all([backend.stack("nami", name), backend.stack("nami-data", name)]);
}

/** Only its data is kept; beside it perhaps a pipeline that was begun and came to nothing. */
function isDown({ stack, data }: Standing): boolean {
  return data !== undefined && typeof stack?.outputs.url !== "string";
}

/** The AWS account that what stands was made in; undefined when nothing does. */
export function accountOf({ stack, data, gateway }: Standing): string | undefined {
  const accounts = [stack, data, gateway].map((each) => each?.outputs.accountId);
  return accounts.find((id) => typeof id === "string");
}

/**
 * The options of an `up` (or its preview), judged against what stands. Throws what `chooseOptions` and `refuseLoss` do.
 */
export async function decide(
  args: Args,
  io: Io,
  { bench, backend }: { bench: Workbench; backend: Backend },
): Promise<Decision> {
  const before = await deployedConfig(bench, backend, args.name);
  const [stack, data] = await ownStacks(backend, args.name);
  if (isDown({ stack, data })) await refuseForgotten(args, io, { bench, before });
  const typed = await chooseOptions(args, io, before);
  const change = args.secretChange as SecretChange | undefined;
  const where = { bench, name: args.name, before, now: new Date(io.now()) };
  const chosen = await settleSecrets(typed, change, where);
  const { project, stack: place } = gatewayRoom(chosen.resolved);
  const standing: Standing = { stack, data, gateway: await backend.stack(project, place) };
  const mongoAnswered = data && (await answeredVersion(bench, args.name));
  refuseLoss(args.name, { ...standing, mongoAnswered }, chosen.resolved, args.upgradeHost === true);
  const { edition } = (await readDevMark(backend, args.name)) ?? {};
  return { before, standing, chosen: { ...chosen, account: accountOf(standing), edition } };
}

/** A port of its own for the name's Mongo server, chosen once. On AWS each has a machine of its own. */
export async function withMongoPort(
  chosen: Chosen,
  { home, name, io, reserve }: { home: string; name: string; io: Io; reserve: boolean },
): Promise<Chosen> {
  const { target, mongoUri } = chosen.resolved;
  if (target !== "local" || mongoUri || chosen.written.mongoPort !== undefined) return chosen;
  const mongoPort = await mongoPortFor(home, name, io, reserve);
  return {
    ...chosen,
    written: { ...chosen.written, mongoPort },
    resolved: { ...chosen.resolved, mongoPort },
  };
}
