import { resolve } from "../../infra/resolve-options";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { operatedBy } from "../deployments/deployments";
import type { Room, Workbench } from "../deployments/room";
import { withStack } from "../deployments/stack";
import type { KeptStack } from "../deployments/state";
import type { Progress } from "../display/progress";
import { cliError } from "../errors";
import type { Io } from "../io";
import { Operator } from "../operate/operator";
import { deployedConfig } from "./decide";
import { countLeft, type Drained, drain } from "./drain";
import { dropThrottle } from "./set-gateway";
import { checkUserCode } from "./user-code";

/** What a `down` works with. */
export interface TakingDown {
  args: Args;
  io: Io;
  bench: Workbench;
  backend: Backend;
  progress: Progress;
  /** Of the gateway that the name's route is in. */
  gateway: Room;
  /** Puts back the throttle that went before the route. */
  restoreThrottle?: () => Promise<void>;
}

const ROUTE = "aws:apigatewayv2/route:Route";
/** A destroy works from the state alone: there is no program to run. */
const nothing = async () => ({});

function refuse(name: string, { queued, deadLetters }: { queued: number; deadLetters: number }): Error {
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
  work.restoreThrottle = await dropThrottle({ ...work, room: work.gateway }, stack.stack);
  const room = { project: stack.project, stack: stack.stack };
  await withStack(bench, room, nothing, async (open) => {
    // The engine writes the config into its history: without it the next to ask would find none.
    await open.freshConfig();
    await open.destroy({ target: routes, onEvent: (event) => progress.onEvent(event) });
  });
}

/** After a refusal everything is as before: the deployed program, with the deployed config, makes the route again. */
async function restoreRoute({ bench, progress, restoreThrottle }: TakingDown, name: string): Promise<void> {
  progress.phase("Opening the way in again");
  const { program } = await import("../../infra/program");
  await withStack(bench, { project: "nami", stack: name }, program, async (open) => {
    await open.freshConfig();
    await open.up({ onEvent: (event) => progress.onEvent(event) });
  });
  await restoreThrottle?.();
}

/** Opening the way in again takes the user's code: a colleague may not have it, and must not close what only others can open. */
async function checkWayBack({ args, bench, backend }: TakingDown): Promise<void> {
  const written = await deployedConfig(bench, backend, args.name);
  await checkUserCode(bench.home, args.name, resolve(written ?? {}));
}

/**
 * Closes the way in and waits for the worker. Throws DEAD_LETTERS_LEFT, MESSAGES_LEFT (after the way in was opened
 * again), and HANDLER_MISSING and its like, before anything is closed, where it could not be opened again.
 */
export async function emptyQueue(work: TakingDown, stack: KeptStack): Promise<Drained> {
  const { args, io, bench, progress } = work;
  const deployment = operatedBy(bench.home, stack.outputs);
  if (!args.discard) {
    const operator = new Operator(deployment);
    const left = await countLeft(operator).finally(() => operator.close());
    if (left.deadLetters > 0) throw refuse(args.name, left);
    if (left.queued > 0) await checkWayBack(work);
  }
  await removeRoute(work, stack);
  progress.phase("Draining");
  const seconds = args.drainTimeout as number;
  const drained = await drain({ io, deployment, progress, seconds }).catch(async (error) => {
    if (!io.signal.aborted) await restoreRoute(work, args.name);
    throw error;
  });
  if (drained.queued + drained.deadLetters > 0 && !args.discard) {
    await restoreRoute(work, args.name);
    throw refuse(args.name, drained);
  }
  return drained;
}
