import type { Propagation } from "./propagation";

/** What stands in the network: the groups and subnets it keeps from being deleted. */
export interface Hold {
  groups: readonly string[];
  subnets: readonly string[];
}

/**
 * Who holds which security group and subnet: instances, and the network interfaces of functions. EC2 deletes none that
 * is held, and a function's interfaces stay for a while when it has gone.
 */
export class NetworkHolds {
  private readonly holds = new Map<string, Hold>();

  constructor(private readonly propagation: Propagation) {}

  /** `holder` is a thing as propagation.ts names it. It lets go of what it held before. */
  put(holder: string, hold: Hold): void {
    this.holds.set(holder, hold);
  }

  /** Lets go once AWS does; `state` is what the holder is in until then. */
  release(holder: string, state: string): Promise<void> {
    return this.propagation.begin(holder, state, () => {
      this.holds.delete(holder);
    });
  }

  /** One that holds the group or subnet; undefined when it is free. */
  holderOf(id: string): string | undefined {
    for (const [holder, { groups, subnets }] of this.holds)
      if (groups.includes(id) || subnets.includes(id)) return holder;
    return undefined;
  }
}
