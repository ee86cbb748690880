import { isDeepStrictEqual } from "node:util";
import type { Clock, Functions, Iam, MappingSpec, Mappings, Queues } from "../services";
import { checkMapping } from "./checks";
import { Poller } from "./poller";

export interface MappingsOptions {
  queues: Queues;
  functions: Functions;
  iam: Iam;
  clock: Clock;
  /** The host's own log: one line for every problem. */
  log: (text: string) => void;
  /** How long a mapping that ends waits for its batches, ms; default 10 s. */
  stopGraceMs?: number;
  /** The first pause after a problem, ms; each further one is twice as long. Default 500. */
  firstPauseMs?: number;
  /** The first pause after a throttled call, ms; each further one is twice as long. Default 100. */
  firstRetryMs?: number;
}

/** Event source mappings: each polls one queue for one function. */
export function createMappings(options: MappingsOptions): Mappings {
  return new LocalMappings(options);
}

class LocalMappings implements Mappings {
  private readonly pollers = new Map<string, Poller>();

  constructor(private readonly options: MappingsOptions) {}

  put(spec: MappingSpec, { check = true }: { check?: boolean } = {}): void {
    if (this.isSame(spec)) return;
    if (check) checkMapping(spec, this.options);
    const own = structuredClone(spec);
    const poller = this.pollers.get(spec.uuid);
    if (poller) void poller.update(own);
    else this.pollers.set(spec.uuid, new Poller(own, this.options));
  }

  check(spec: MappingSpec): void {
    if (!this.isSame(spec)) checkMapping(spec, this.options);
  }

  get(uuid: string): MappingSpec | undefined {
    return this.pollers.get(uuid)?.spec;
  }

  async remove(uuid: string): Promise<void> {
    const poller = this.pollers.get(uuid);
    this.pollers.delete(uuid);
    await poller?.stop();
  }

  lastResult(uuid: string): string {
    return this.pollers.get(uuid)?.result ?? "";
  }

  private isSame(spec: MappingSpec): boolean {
    return isDeepStrictEqual(this.pollers.get(spec.uuid)?.spec, spec);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pollers.keys()].map((uuid) => this.remove(uuid)));
  }
}
