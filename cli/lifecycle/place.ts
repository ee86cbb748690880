import { namiHome } from "../../local/paths";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { type Place, placeOf } from "../deployments/place";
import { movedBackend, rememberedState } from "../deployments/places";
import type { Room } from "../deployments/room";
import { askedState, type KeptStack, sameState } from "../deployments/state";
import { cliError } from "../errors";
import type { Io } from "../io";

/** By flag or environment, else the default: also where they say so, by an empty value. */
export function askedPlace(args: Args, io: Io): Place {
  return {
    target: String((args.target ?? io.env.NAMI_TARGET) || "local"),
    region: String((args.region ?? io.env.NAMI_REGION) || "us-east-1"),
  };
}

/** The place of an `up` or its preview, needed before the config can be read: the provider runs in a region. */
export function guessPlace(args: Args, io: Io, stacks: readonly (KeptStack | undefined)[]): Place {
  return { ...askedPlace(args, io), ...placeOf(stacks) };
}

/** Of the gateway that all names of a target and region share. */
export function gatewayRoom({ target, region }: Place): Room {
  return { project: "nami-gateway", stack: `${target}-${region}` };
}

/** Whether the name may have been deployed before: in shared state perhaps by somebody else. */
export function mayHaveKept(args: Args, io: Io): boolean {
  return (
    rememberedState(namiHome(io.env), args.name) !== undefined || askedState(args.state, io) !== undefined
  );
}

/** A name stays where its state is. Throws STATE_CHANGED when another place is asked for. */
export async function backendFor(args: Args, io: Io): Promise<Backend> {
  const backend = await movedBackend(namiHome(io.env), io, args.name, args.state);
  const asked = askedState(args.state, io);
  if (asked && !sameState(asked, backend.state)) {
    throw cliError("STATE_CHANGED", { name: args.name, was: backend.state, wanted: asked });
  }
  return backend;
}
