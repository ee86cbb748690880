import { resolve } from "../../infra/resolve-options";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { withDeployedConfig } from "../deployments/deployed-config";
import { operatedBy } from "../deployments/deployments";
import type { Room, Workbench } from "../deployments/room";
import { letGo } from "../deployments/settings";
import { withStack } from "../deployments/stack";
import type { KeptStack } from "../deployments/state";
import type { Progress } from "../display/progress";
import { cliError } from "../errors";
import type { Io } from "../io";
import { type Operated, Operator } from "../operate/operator";
import { deployedConfig } from "./decide";
import { countLeft, type Drained, drain, type Left, whyPaused } from "./drain";
import { isLost } from "./local-target";
import { type DroppedThrottle, dropThrottle } from "./set-gateway";
import { checkUserCode } from "./user-code";

/** What a `down` works with. */
export interface TakingDown {
  args: Args;
  io: Io;
  bench: Workbench;
  backend: Backend;
  region: string;
  progress: Progress;
  /** Of the gateway that the name's route is in. */
  gateway: Room;
  /** Went before the route. */
  throttle?: DroppedThrottle;
}

const ROUTE = "aws:apigatewayv2/route:Route";
const QUEUE = "aws:sqs/queue:Queue";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const NONE: Drained = { queued: 0, deadLetters: 0, waited: 0, failed: 0 };

function refuse(name: string, { queued, deadLetters }: Left): Error {
  return deadLetters > 0
    ? cliError("DEAD_LETTERS_LEFT", { name, count: deadLetters })
    : cliError("MESSAGES_LEFT", { name, count: queued });
}

/** The way in is closed first: what is acknowledged from here on could not be drained. */
async function removeRoute(work: TakingDown, stack: KeptStack): Promise<void> {
  const { bench, progress } = work;
  const routes = stack.resources.filter(({ type }) => type === ROUTE).map(({ urn }) => urn);
  if (routes.length === 0) return;
  progress.phase("Closing the way in");
  work.throttle = await dropThrottle({ ...work, room: work.gateway }, stack.stack);
  const room = { project: stack.project, stack: stack.stack };
  // The engine writes the config into its history: without it the next to ask would find none.
  await withDeployedConfig(bench, room, (open) =>
    open.destroy({ target: routes, onEvent: (event) => progress.onEvent(event) }),
  );
}

/** Where no `up` came to its end there is nothing to restore: the next one goes on. */
function isComplete({ outputs }: KeptStack): boolean {
  return typeof outputs.url === "string";
}

/**
 * After a refusal everything is as before: the deployed program, with the deployed config, makes the route again. Throws
 * WAY_IN_CLOSED where that fails.
 */
async function restoreRoute(work: TakingDown, stack: KeptStack): Promise<void> {
  try {
    await openWayIn(work, stack);
  } catch (error) {
    work.io.signal.throwIfAborted();
    throw cliError("WAY_IN_CLOSED", { name: work.args.name, reason: (error as Error).message }, error);
  }
}

async function openWayIn({ bench, progress, throttle }: TakingDown, stack: KeptStack): Promise<void> {
  if (!isComplete(stack)) return;
  progress.phase("Opening the way in again");
  const { program } = await import("../../infra/program");
  await withStack(bench, { project: "nami", stack: stack.stack }, program, async (open) => {
    await open.freshConfig();
    // As `checkWayBack` judged them, and as the next `up` will have them.
    await open.configure({ of: "name", written: letGo(await open.written()), secrets: {} });
    await open.up({ onEvent: (event) => progress.onEvent(event) });
  });
  await throttle?.putBack();
}

/** Opening the way in again takes the user's code: a colleague may not have it, and must not close what only others can open. */
async function checkWayBack({ args, bench, backend }: TakingDown, stack: KeptStack): Promise<void> {
  if (!isComplete(stack)) return;
  const written = await deployedConfig(bench, backend, args.name);
  await checkUserCode(bench.home, args.name, resolve(letGo(written ?? {})));
}

/**
 * What there is to ask about messages; undefined when there is no queue. Not all of it is in the outputs: an `up` that
 * failed has told none, and a `down` that failed has taken away a part of what they tell of.
 */
function asked(
  { bench, region }: TakingDown,
  { stack: name, resources, outputs }: KeptStack,
): Operated | undefined {
  const idOf = (wanted: string, suffix: string) =>
    resources.find(({ type, urn }) => type === wanted && urn.endsWith(`::nami-${name}-${suffix}`))?.id;
  const queueUrl = idOf(QUEUE, "queue");
  const deadLetterQueueUrl = idOf(QUEUE, "dead-letters");
  if (!queueUrl || !deadLetterQueueUrl) return undefined;
  const place = { name, target: bench.target, region };
  const mappingId = idOf(MAPPING, "mapping") ?? "";
  return { ...operatedBy(bench.home, outputs), ...place, queueUrl, deadLetterQueueUrl, mappingId };
}

/** Only a queue that is gone has nothing to drain, whatever else the host may have lost. */
async function isQueueLost({ bench, progress }: TakingDown, stack: KeptStack): Promise<boolean> {
  const queues = stack.resources.filter(({ type }) => type === QUEUE);
  const lost = bench.target === "local" && (await isLost(bench.home, { ...stack, resources: queues }));
  if (lost) progress.say("The host does not have its queues any more: there is nothing to drain.");
  return lost;
}

/** What cannot come to a good end is not begun: the way in stays open all the time. */
async function refuseHopeless(work: TakingDown, stack: KeptStack, deployment: Operated): Promise<void> {
  const { name } = work.args;
  const operator = new Operator(deployment);
  try {
    const left = await countLeft(operator);
    if (left.deadLetters > 0) throw refuse(name, left);
    if (left.queued === 0) return;
    const reason = isComplete(stack) ? await whyPaused(operator, work.io.signal) : undefined;
    if (reason) throw cliError("DELIVERY_PAUSED", { name, count: left.queued, reason });
    await checkWayBack(work, stack);
  } finally {
    operator.close();
  }
}

/**
 * Closes the way in and waits for the worker. Answers what is left, which is to be thrown away. Throws DEAD_LETTERS_LEFT,
 * MESSAGES_LEFT (after the way in was opened again, else WAY_IN_CLOSED), and before anything is closed DELIVERY_PAUSED,
 * HANDLER_MISSING and its like, where events wait that could not be drained.
 */
export async function emptyQueue(work: TakingDown, stack: KeptStack): Promise<Drained> {
  const { args, io, progress } = work;
  const deployment = asked(work, stack);
  if (!deployment || (await isQueueLost(work, stack))) return NONE;
  if (!args.discard) await refuseHopeless(work, stack, deployment);
  const seconds = args.drainTimeout as number;
  const closeAndDrain = async () => {
    await removeRoute(work, stack);
    progress.phase("Draining");
    return drain({ io, deployment, progress, seconds });
  };
  const drained = await closeAndDrain().catch(async (error) => {
    if (!io.signal.aborted) await restoreRoute(work, stack);
    throw error;
  });
  if (drained.queued + drained.deadLetters > 0 && !args.discard) {
    await restoreRoute(work, stack);
    throw refuse(args.name, drained);
  }
  return drained;
}
