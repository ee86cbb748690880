import { LOCAL_ACCOUNT } from "../../local/protocol";
import { type KeptStack, livesIn } from "./state";

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
