import { randomUUID } from "node:crypto";
import { cliError } from "../errors";
import { thisProcess } from "../lock";
import {
  hasDied,
  holderIn,
  keyOf,
  type LeaseHolder,
  type LeaseTimes,
  leaseTimes,
  readable,
  thisMachine,
  userName,
} from "./lease-holder";
import type { Store } from "./store/store";

export interface LeaseRequest {
  store: Store;
  name: string;
  command: string;
  now(): number;
  times?: LeaseTimes;
}

/**
 * A lock in the state, held as long as it is renewed. Of one that was taken over, the holder before is told: when its
 * lease ran out (rather than its process being known to be dead) its engine's locks are nobody's, either.
 */
export class Lease {
  private readonly lost = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewedAt: number;
  private renewing?: Promise<void>;

  private constructor(
    private readonly request: LeaseRequest,
    private readonly mine: LeaseHolder,
    private tag: string,
    readonly expired?: LeaseHolder,
  ) {
    this.renewedAt = request.now();
    this.timer = setInterval(() => this.tick(), this.times.renew).unref();
  }

  /** The lease, or who has it. Throws LOCK_DAMAGED and what the store throws. */
  static async take(request: LeaseRequest): Promise<Lease | LeaseHolder> {
    const { store, name, now, times = leaseTimes } = request;
    const time = new Date(now()).toISOString();
    const mine: LeaseHolder = {
      ...{ ...thisProcess(), user: userName(), machine: thisMachine(), command: request.command },
      ...{ startedAt: time, renewedAt: time, id: randomUUID() },
    };
    for (;;) {
      const tag = await store.create(keyOf(name), JSON.stringify(mine, null, 2));
      if (tag) return new Lease(request, mine, tag);
      const found = await store.read(keyOf(name));
      if (!found) continue;
      const expired = found.age() > times.expire;
      const holder = expired ? undefined : holderIn(found, name);
      // The answer to our own write was lost on its way, and the SDK wrote again.
      if (holder?.id === mine.id) return new Lease(request, mine, found.tag);
      if (holder && !hasDied(holder)) return holder;
      const taken = await store.replace(keyOf(name), JSON.stringify(mine, null, 2), found.tag);
      if (taken) return new Lease(request, mine, taken, expired ? readable(found) : undefined);
    }
  }

  /** Aborted, with LOCK_LOST as its reason, when the lease is no longer ours. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Makes sure, before something is written, that the lease is ours now. Throws LOCK_LOST, or what the store throws. */
  async confirm(): Promise<void> {
    await this.renewing?.catch(() => {});
    this.signal.throwIfAborted();
    await this.renew();
    this.signal.throwIfAborted();
  }

  /** Lets go. A lease that cannot be removed now runs out by itself. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing?.catch(() => {});
    if (!this.signal.aborted)
      await this.request.store.remove(keyOf(this.request.name), this.tag).catch(() => {});
  }

  private get times(): LeaseTimes {
    return this.request.times ?? leaseTimes;
  }

  private tick(): void {
    if (this.signal.aborted) return;
    const late = this.request.now() - this.renewedAt > this.times.giveUp;
    if (!this.renewing)
      this.renew().catch((error: Error) => late && this.lose(`it could not be renewed: ${error.message}`));
    else if (late) this.lose("the state did not answer when it was to be renewed");
  }

  private renew(): Promise<void> {
    this.renewing ??= this.write().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async write(): Promise<void> {
    const { store, name, now } = this.request;
    const begun = now();
    const body = { ...this.mine, renewedAt: new Date(begun).toISOString() };
    const tag = await store.replace(keyOf(name), JSON.stringify(body, null, 2), this.tag);
    const found = tag ? undefined : await store.read(keyOf(name));
    const holder = found && readable(found);
    if (!tag && holder?.id !== this.mine.id) return this.lose(holder ? takenBy(holder) : "it was removed");
    this.tag = tag ?? found!.tag;
    this.renewedAt = begun;
  }

  private lose(reason: string): void {
    clearInterval(this.timer);
    const { name, command } = this.request;
    this.lost.abort(cliError("LOCK_LOST", { name, command, reason }));
  }
}

function takenBy({ command, host, pid }: LeaseHolder): string {
  return `\`nami ${command}\` (pid ${pid} on ${host}) took it over`;
}
