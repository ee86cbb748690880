import { namiHome } from "../../local/paths";
import type { Args } from "../command";
import { cliError } from "../errors";
import type { Io } from "../io";
import type { Operated } from "../operate/operator";
import { Backend } from "./backend";
import { refuseMoved } from "./move-mark";
import { placeOf } from "./place";
import { movedBackend, rememberedStates } from "./places";
import { askedState, type KeptStack, ownState } from "./state";

/** A deployed name and where it is kept. */
export interface Found {
  home: string;
  backend: Backend;
  /** The stack of the project `nami`; absent when only data is kept. */
  stack?: KeptStack;
  /** The stack of the project `nami-data`. */
  data?: KeptStack;
}

/** The names that are deployed, for an error about one that is not. */
async function knownNames(backend: Backend): Promise<string> {
  const names = await backend.names("nami");
  return names.length > 0 ? `Deployed: ${names.join(", ")}.` : "Nothing is deployed yet.";
}

/** A name in another place than the one asked for is another name. Throws NAME_UNKNOWN. */
function refuseOtherPlace(args: Args, stacks: readonly (KeptStack | undefined)[]): void {
  const place = placeOf(stacks);
  for (const flag of ["target", "region"] as const) {
    const [asked, is] = [args[flag], place[flag]];
    if (!asked || is === undefined || asked === is) continue;
    throw cliError("NAME_UNKNOWN", {
      name: `${args.name} with --${flag} ${asked}`,
      known: `It lives with --${flag} ${is}.`,
    });
  }
}

/** Looks a name up, also one whose data alone is kept. Throws NAME_UNKNOWN, which lists the names there are, and STATE_MOVED. */
export async function findName(args: Args, io: Io): Promise<Found> {
  const home = namiHome(io.env);
  const { name } = args;
  const backend = await movedBackend(home, io, name, args.state);
  const [stack, data] = await Promise.all([backend.stack("nami", name), backend.stack("nami-data", name)]);
  refuseOtherPlace(args, [stack, data]);
  if (stack || data) return { home, backend, stack, data };
  await refuseMoved(backend);
  throw cliError("NAME_UNKNOWN", { name, known: await knownNames(backend) });
}

/** A deployed name with all that its stack tells, and where that is kept. */
export interface Deployed extends Operated {
  outputs: Record<string, unknown>;
  backend: Backend;
}

/**
 * What one must know to operate a deployment. Throws NAME_UNKNOWN, and NAME_INCOMPLETE when its first `up`
 * never came to its end.
 */
export async function operated(args: Args, io: Io): Promise<Deployed> {
  const { home, backend, stack } = await findName(args, io);
  const { name } = args;
  if (!stack)
    throw cliError("NAME_UNKNOWN", { name, known: `Its data is kept. ${await knownNames(backend)}` });
  const { outputs } = stack;
  if (typeof outputs.url !== "string") throw cliError("NAME_INCOMPLETE", { name });
  return { ...operatedBy(home, outputs), outputs, backend };
}

/** The part of a stack's outputs that operating needs. */
export function operatedBy(home: string, outputs: Record<string, unknown>): Operated {
  const text = (key: string) => String(outputs[key]);
  return {
    home,
    name: text("name"),
    target: text("target"),
    region: text("region"),
    queueUrl: text("queueUrl"),
    deadLetterQueueUrl: text("deadLetterQueueUrl"),
    operatorFunction: text("operatorFunction"),
    watchdogFunction: text("watchdogFunction"),
    mappingId: text("mappingId"),
  };
}

/** The backends to list: the one asked for alone, else NAMI_HOME's and those that names of this home are known to be in. */
export function listedBackends(args: Args, io: Io): Backend[] {
  const home = namiHome(io.env);
  const asked = askedState(args.state, io);
  const states = asked ? [asked] : [ownState(home), ...rememberedStates(home)];
  return states.map((state) => new Backend(home, io, state));
}
