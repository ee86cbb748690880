import { readFileSync, readlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { cliError } from "../errors";
import { type Holder, isRunning } from "../lock";
import type { Kept, Store } from "./store/store";

/** Who holds a lock in the state; what lies in `.nami/locks/<name>.json`. */
export interface LeaseHolder extends Holder {
  user: string;
  /** The running system and its process namespace: only there does `pid` mean anything. Linux only. */
  machine?: string;
  /** By the holder's clock, for people; how old a lease is, the store's own clock tells. */
  renewedAt: string;
}

/**
 * Milliseconds. A holder renews its lease, stops working when it could not for `giveUp`, and has ended its engine well
 * before others may take its place at `expire`.
 */
export interface LeaseTimes {
  renew: number;
  giveUp: number;
  expire: number;
}

export const leaseTimes: LeaseTimes = { renew: 10_000, giveUp: 30_000, expire: 60_000 };

const locksPrefix = ".nami/locks/";
export const keyOf = (name: string) => `${locksPrefix}${name}.json`;

/** The same for all processes that see each other's pids; host names alone are often equal, in containers above all. */
export function thisMachine(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

/** The holder that a lease names. Throws LOCK_DAMAGED. */
export function holderIn({ body }: Kept, name: string): LeaseHolder {
  try {
    const holder = JSON.parse(body.toString("utf8")) as LeaseHolder;
    if (typeof holder.id !== "string") throw new Error("it names no holder");
    return holder;
  } catch (error) {
    const { message } = error as Error;
    const mend = "wait a minute and run the command again: what nobody renews is taken over";
    throw cliError("LOCK_DAMAGED", { file: keyOf(name), reason: message, mend }, error);
  }
}

/** Whether the holder was a process of this very machine, and has ended. */
export function hasDied({ machine, pid, born }: LeaseHolder): boolean {
  return machine !== undefined && machine === thisMachine() && !isRunning({ pid, born });
}

/** As `holderIn`, undefined for what is no lease at all. */
export function readable(found: Kept): LeaseHolder | undefined {
  try {
    return holderIn(found, "");
  } catch {
    return undefined;
  }
}

/** Who holds which lock of a state now, by the lock's name. */
export async function leaseHolders(store: Store, times = leaseTimes): Promise<Map<string, LeaseHolder>> {
  const locks = await store.list(locksPrefix);
  const found = await Promise.all(
    locks.map(async ({ key }) => {
      const kept = await store.read(key);
      const holder = kept && kept.age() <= times.expire ? readable(kept) : undefined;
      const name = key.slice(locksPrefix.length).replace(/\.json$/, "");
      return holder && !hasDied(holder) ? ([name, holder] as const) : undefined;
    }),
  );
  return new Map(found.filter((each) => each !== undefined));
}
