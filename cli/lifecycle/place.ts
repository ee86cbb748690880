import { namiHome } from "../../local/paths";
import { LOCAL_ACCOUNT } from "../../local/protocol";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { movedBackend, rememberedState } from "../deployments/places";
import { askedState, type KeptStack, livesIn, sameState } from "../deployments/state";
import { cliError } from "../errors";
import type { Io } from "../io";

export interface Place {
  target: string;
  region: string;
}

/**
 * Where the stacks of a name are: their outputs say; else the ARNs of what they have, for an `up` that failed has told no
 * outputs, and kept data tells no target.
 */
export function placeOf(stacks: readonly (KeptStack | undefined)[]): Partial<Place> {
  const found = stacks.filter((stack) => stack !== undefined);
  const lives = found.map(livesIn);
  const told = found.map(({ outputs }) => outputs.target).find((target) => typeof target === "string");
  const account = lives.map((each) => each.account).find(Boolean);
  const target = told ?? (account && (account === LOCAL_ACCOUNT ? "local" : "aws"));
  const region = lives.map((each) => each.region).find(Boolean);
  return { ...(target ? { target: String(target) } : {}), ...(region ? { region } : {}) };
}

/** The place of an `up` or its preview, needed before the config can be read: the provider runs in a region. */
export function guessPlace(args: Args, io: Io, stacks: readonly (KeptStack | undefined)[]): Place {
  const kept = placeOf(stacks);
  return {
    target: String(kept.target ?? args.target ?? io.env.NAMI_TARGET ?? "local"),
    region: String(kept.region ?? args.region ?? io.env.NAMI_REGION ?? "us-east-1"),
  };
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
