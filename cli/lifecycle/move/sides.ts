import { Backend } from "../../deployments/backend";
import { isHeld } from "../../deployments/errors";
import { Lease } from "../../deployments/lease";
import { type MoveMark, readMark, removeMark, sameMove, writeMark } from "../../deployments/move-mark";
import { isShared } from "../../deployments/state";
import type { Store } from "../../deployments/store/store";
import { cliError } from "../../errors";
import type { Io } from "../../io";
import { heldNames, type Lock, locked, takeLock } from "../../lock";

/** One of the two states of a move, held for as long as it takes. */
export interface Side {
  backend: Backend;
  store: Store;
  lease?: Lease;
}

/** No deployment can have this name. */
const LOCK = "nami.state";
const COMMAND = "state move";

/** A folder or a bucket: other schemes can only be read by way of the engine. Throws STATE_INVALID. */
export async function storeToMove(backend: Backend): Promise<Store> {
  const store = await backend.store();
  if (store) return store;
  throw cliError("STATE_INVALID", {
    state: backend.state,
    problem: "only folders and s3:// can be moved; `pulumi stack migrate` moves others, stack by stack",
  });
}

async function hold(home: string, io: Io, state: string): Promise<Side> {
  const backend = new Backend(home, io, state);
  const store = await storeToMove(backend);
  if (!isShared(home, state)) return { backend, store };
  const lease = await Lease.take({ store, name: LOCK, command: COMMAND, now: io.now });
  if (!(lease instanceof Lease)) throw locked(state, lease);
  return { backend, store, lease };
}

async function release(sides: Side[], lock: Lock): Promise<void> {
  for (const { lease } of sides) await lease?.release();
  lock.release();
}

/** The engine's own locks: a bare `pulumi` has no other. Throws STACK_LOCKED. */
async function refuseEngineLocks({ store }: Side): Promise<void> {
  for (const { key } of await store.list(".pulumi/locks/")) {
    const kept = await store.read(key);
    if (!kept) continue;
    const { pid, username, hostname, timestamp } = JSON.parse(kept.body.toString("utf8"));
    const holder = { pid, user: username, host: hostname, since: timestamp };
    const stack = key.split("/").slice(-3, -1).join("/");
    if (isHeld(holder)) throw cliError("STACK_LOCKED", { stack, ...holder });
    await store.remove(key);
  }
}

/** Whoever is at work on a name of one of the states. Throws LOCKED, STACK_LOCKED. */
export async function refuseHolders(sides: Side[]): Promise<void> {
  for (const side of sides) {
    const { backend } = side;
    const holders = isShared(backend.home, backend.state) ? await backend.holders() : heldNames(backend.home);
    for (const [name, holder] of holders) if (name !== LOCK) throw locked(name, holder);
    await refuseEngineLocks(side);
  }
}

/** Whether one of the two is part of another move, or was. Throws STATE_MOVING; STATE_MOVED for the source alone. */
export async function refuseOtherMoves(sides: Side[], move: { from: string; to: string }): Promise<boolean> {
  let begun = false;
  for (const { store, backend } of sides) {
    const mark = await readMark(store);
    if (!mark) continue;
    if (sameMove(mark, move) && !mark.done) begun = true;
    else if (!mark.done) throw cliError("STATE_MOVING", { from: mark.from, to: mark.to });
    else if (backend.state === move.from && !sameMove(mark, move))
      throw cliError("STATE_MOVED", { state: move.from, to: mark.to });
  }
  return begun;
}

export async function markSides(sides: Side[], mark: MoveMark): Promise<void> {
  for (const { store } of sides) await writeMark(store, mark);
}

export async function unmarkSides(sides: Side[]): Promise<void> {
  for (const { store } of sides) await removeMark(store);
}

/** Does `work` while these states are held by nobody else. */
async function withStates<T>(
  { home, io }: { home: string; io: Io },
  states: string[],
  work: (sides: Side[], io: Io) => Promise<T>,
): Promise<T> {
  const lock = takeLock({ home, name: LOCK, command: COMMAND, now: io.now });
  const sides: Side[] = [];
  try {
    for (const state of states) sides.push(await hold(home, io, state));
    const signals = sides.flatMap(({ lease }) => lease?.signal ?? []);
    return await work(sides, { ...io, signal: AbortSignal.any([io.signal, ...signals]) });
  } catch (error) {
    if (!io.signal.aborted) for (const { lease } of sides) lease?.signal.throwIfAborted();
    throw error;
  } finally {
    await release(sides, lock);
  }
}

/** Does `work` while both states are held by nobody else. Throws LOCKED, LOCK_LOST. */
export function withSides<T>(
  request: { home: string; io: Io; from: string; to: string },
  work: (source: Side, destination: Side, io: Io) => Promise<T>,
): Promise<T> {
  return withStates(request, [request.from, request.to], (sides, io) => work(sides[0]!, sides[1]!, io));
}

/** As `withSides`, for what is done to one state alone. */
export function withSide<T>(
  request: { home: string; io: Io; state: string },
  work: (side: Side, io: Io) => Promise<T>,
): Promise<T> {
  return withStates(request, [request.state], (sides, io) => work(sides[0]!, io));
}
