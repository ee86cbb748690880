import { cliError } from "../errors";
import type { Backend } from "./backend";
import { sameState } from "./state";
import type { Store } from "./store/store";

/**
 * Lies in both states while one is moved to the other, and freezes them: who finds it after taking a lock lets go
 * again, and who writes it looks for locks afterwards. In a shared state that was moved away it stays, as a note.
 */
export interface MoveMark {
  /** URLs. */
  from: string;
  to: string;
  /** "<project>/<stack>" of all that was found at the source. */
  stacks: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  /** The move came to its end: nothing is here any more. */
  done?: true;
}

const KEY = ".nami/move.json";

export async function readMark(store: Store): Promise<MoveMark | undefined> {
  const kept = await store.read(KEY);
  return kept && (JSON.parse(kept.body.toString("utf8")) as MoveMark);
}

export function writeMark(store: Store, mark: MoveMark): Promise<void> {
  return store.write(KEY, JSON.stringify(mark, null, 2));
}

export function removeMark(store: Store): Promise<void> {
  return store.remove(KEY);
}

/** Whether two marks are of the same move, perhaps begun anew. */
export function sameMove(one: Pick<MoveMark, "from" | "to">, other: Pick<MoveMark, "from" | "to">): boolean {
  return sameState(one.from, other.from) && sameState(one.to, other.to);
}

/** Throws STATE_MOVED where everything lies elsewhere now, STATE_MOVING where a move is under way, or was interrupted. */
export async function refuseMoved(backend: Backend): Promise<void> {
  const store = await backend.store();
  const mark = store && (await readMark(store));
  if (!mark) return;
  const { from, to } = mark;
  throw cliError(mark.done ? "STATE_MOVED" : "STATE_MOVING", { state: backend.state, from, to });
}
