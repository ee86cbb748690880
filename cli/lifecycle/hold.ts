import type { Backend } from "../deployments/backend";
import { Lease } from "../deployments/lease";
import type { LeaseHolder } from "../deployments/lease-holder";
import { refuseMoved } from "../deployments/move-mark";
import type { Room } from "../deployments/room";
import type { Store } from "../deployments/store/store";
import { type Io, note } from "../io";
import { type Patience, takeLock, waitFor, waitForLock } from "../lock";

/** What is worked on: a name, or a stack that several names share. */
export interface Holding {
  backend: Backend;
  io: Io;
  /** Of the lock. */
  name: string;
  command: string;
  /** The stacks it stands for. */
  stacks: Room[];
  /** For what is shared: wait for it rather than give up at once. */
  patience?: Omit<Patience, "signal">;
}

/** What one works with while the locks are held. */
export interface Held {
  /** As before, with a signal that is also aborted when the lock in the state is lost. */
  io: Io;
  /** The lock in the state, where that is shared. */
  lease?: Lease;
}

/**
 * The engine has locks of its own, which a dead machine leaves behind for ever. Whose lease has run out has ended its
 * engine before that: what locks it took under that lease are nobody's.
 */
async function clearEngineLocks(store: Store, stacks: Room[], dead: LeaseHolder, io: Io): Promise<void> {
  for (const { project, stack } of stacks) {
    for (const { key } of await store.list(`.pulumi/locks/organization/${project}/${stack}/`)) {
      const kept = await store.read(key);
      const { hostname, timestamp } = JSON.parse(kept?.body.toString("utf8") ?? "{}") as Record<
        string,
        string
      >;
      if (hostname !== dead.host || !(Date.parse(timestamp ?? "") >= Date.parse(dead.startedAt))) continue;
      await store.remove(key);
      note(
        io,
        `${project}/${stack} was left locked by \`nami ${dead.command}\` on ${dead.host}, which is gone: unlocked.`,
      );
    }
  }
}

async function takeLease(holding: Holding, store: Store): Promise<Lease> {
  const { io, name, command, patience, stacks } = holding;
  const request = { store, name, command, now: io.now };
  const take = () => Lease.take(request);
  const seconds = patience?.seconds ?? 0;
  const lease = await waitFor<Lease>(take, request, {
    seconds,
    signal: io.signal,
    onWait: patience?.onWait ?? (() => {}),
  });
  try {
    if (lease.expired) await clearEngineLocks(store, stacks, lease.expired, io);
    return lease;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function withLease<T>(holding: Holding, work: (held: Held) => Promise<T>): Promise<T> {
  const { backend, io } = holding;
  const store = await backend.sharedStore();
  // What only the engine can read has only the engine's own lock.
  if (!store) return work({ io });
  const lease = await takeLease(holding, store);
  const signal = AbortSignal.any([io.signal, lease.signal]);
  try {
    return await work({ io: { ...io, signal }, lease });
  } catch (error) {
    if (!io.signal.aborted) lease.signal.throwIfAborted();
    throw error;
  } finally {
    await lease.release();
  }
}

/**
 * Does `work` while nobody else works on the same: on this machine by a lock in NAMI_HOME, and where the state is
 * shared by one in the state, too. Throws LOCKED with who holds it, LOCK_LOST when it was taken away meanwhile,
 * STATE_MOVING and STATE_MOVED.
 */
export async function holding<T>(what: Holding, work: (held: Held) => Promise<T>): Promise<T> {
  const { backend, io, name, command, patience } = what;
  const request = { home: backend.home, name, command, now: io.now };
  const lock = patience ? await waitForLock(request, { ...patience, signal: io.signal }) : takeLock(request);
  try {
    return await withLease(what, async (held) => {
      await refuseMoved(backend);
      return work(held);
    });
  } finally {
    lock.release();
  }
}

/** The stacks of a name. */
export function stacksOf(name: string): Room[] {
  return [
    { project: "nami", stack: name },
    { project: "nami-data", stack: name },
  ];
}
