import { setTimeout as sleep } from "node:timers/promises";
import type {
  Created,
  CreateRequest,
  Inputs,
  Outputs,
  Passing,
  ResourceRecord,
  ResourceRequest,
  UpdateRequest,
} from "../protocol";
import { diff } from "../provider/diff";
import { typeTable } from "../provider/types";
import { AwsError } from "./aws-error";
import type { BrokenResources } from "./broken-resources";
import type { CodeStore } from "./code-store";
import { isPartOfNetwork } from "./network";
import { thing } from "./propagation";
import { LEFTOVER, type ResourceTable } from "./resource-table";
import type { ResourceKind, Services } from "./services";

/** How long a deletion waits for what depends on the resource, and how often it looks. Milliseconds. */
const PATIENCE = 60_000;
const LOOK = 50;

export interface ResourceManagerParts {
  table: ResourceTable;
  kinds: ReadonlyMap<string, ResourceKind>;
  code: CodeStore;
  services: Services;
  broken: BrokenResources;
  /** Whether what stands under a URN unknown to the engine is taken over. */
  takesOver: boolean;
}

/** Creates, changes and removes what the engine asks for, and writes down what exists. One request at a time a URN. */
export class ResourceManager {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: ResourceManagerParts) {}

  create(request: CreateRequest): Promise<Created> {
    return this.oneByOne(request.urn, async () => {
      const wanted = { ...request, inputs: this.parts.code.keep(request.inputs) };
      const taken = this.parts.takesOver ? await this.takeOver(wanted) : undefined;
      const made = taken ?? (await this.make(wanted));
      await this.sweep();
      return { ...made, ...this.passing(request.type, made.id) };
    });
  }

  /** Writes down again what a lost table had; what is there already stays as it is. */
  adopt(record: ResourceRecord): Promise<void> {
    return this.oneByOne(record.urn, async () => {
      const kind = this.kind(record.type);
      if (!kind.adopt) throw new AwsError("InvalidAction", `A ${record.type} cannot be given back.`);
      if (this.parts.table.find(record.type, record.id)) return;
      const { outputs: computed } = typeTable(record.type);
      const outputs = Object.entries(record.outputs).filter(([name]) => name in computed);
      const kept = { ...record, outputs: Object.fromEntries(outputs) };
      await kind.adopt(this.parts.services, kept);
      this.parts.table.insert(kept);
    });
  }

  update(request: UpdateRequest): Promise<{ outputs: Outputs } & Passing> {
    return this.oneByOne(request.urn, async () => {
      const record = this.parts.table.find(request.type, request.id);
      if (!record) {
        throw new AwsError(
          "ResourceNotFoundException",
          `The host has no ${request.type} "${request.id}".`,
          404,
        );
      }
      const inputs = wanted(record, this.parts.code.keep(request.inputs), request.changed);
      const outputs = await this.change(record, request.urn, inputs);
      return { outputs, ...this.passing(record.type, record.id) };
    });
  }

  remove(request: ResourceRequest): Promise<Passing> {
    return this.oneByOne(request.urn, async () => {
      const record = this.parts.table.find(request.type, request.id);
      if (record) await this.eraseWhenFree(record);
      await this.sweep();
      return this.passing(request.type, request.id);
    });
  }

  state({ type, id }: ResourceRequest): Passing {
    return this.passing(type, id);
  }

  /** The records of one type, in order of creation. */
  list(type: string): ResourceRecord[] {
    return this.parts.table.all(type);
  }

  /** @returns undefined when there is no such resource, and for one that is broken: an `up` then makes it whole */
  async read(request: ResourceRequest): Promise<ResourceRecord | undefined> {
    const kind = this.kind(request.type);
    const record = this.parts.table.find(request.type, request.id);
    if (!record || this.isBroken(record)) return undefined;
    if (!record.inputs || !kind.read) return record;
    return { ...record, outputs: { ...record.outputs, ...(await kind.read(this.parts.services, record)) } };
  }

  private passing(type: string, id: string): Passing {
    const state = this.parts.services.propagation.state(thing(type, id));
    return state === undefined ? {} : { state };
  }

  private kind(type: string): ResourceKind {
    const kind = this.parts.kinds.get(type);
    if (!kind) throw new AwsError("InvalidAction", `The host has no resource type "${type}".`);
    return kind;
  }

  /**
   * What stands under the URN though the engine does not know it was made by a run that was interrupted: it is
   * changed into what is wanted, or removed where AWS could not change it.
   */
  private async takeOver(request: CreateRequest): Promise<{ id: string; outputs: Outputs } | undefined> {
    const { urn, type, inputs } = request;
    const left = this.parts.table.ofUrn(urn, type).filter((record) => !request.known.includes(record.id));
    let taken: { id: string; outputs: Outputs } | undefined;
    for (const record of left.reverse()) {
      const { changes } = diff(typeTable(type), record.inputs, inputs);
      const fits = !changes.some((change) => change.replaces);
      if (!taken && fits) taken = { id: record.id, outputs: await this.change(record, urn, inputs) };
      else if (!this.keepsData(record)) await this.discard(record);
    }
    return taken;
  }

  private keepsData(record: ResourceRecord): boolean {
    const { keepsData = false } = this.kind(record.type);
    return typeof keepsData === "boolean" ? keepsData : keepsData(this.parts.services, record);
  }

  /** What is still in use, such as a role with policies, goes when its users have gone. */
  private async discard(record: ResourceRecord): Promise<void> {
    try {
      await this.erase(record);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.parts.table.replace({ ...record, urn: LEFTOVER + record.urn });
    }
  }

  private async sweep(): Promise<void> {
    for (const record of this.parts.table.leftovers())
      await this.discard({ ...record, urn: record.urn.slice(LEFTOVER.length) });
  }

  private async make({ urn, type, inputs }: CreateRequest): Promise<{ id: string; outputs: Outputs }> {
    const { id, outputs } = await this.kind(type).create(this.parts.services, { urn, inputs });
    this.parts.table.insert({ id, urn, type, inputs, outputs });
    this.tellNetwork(type);
    return { id, outputs };
  }

  private async change(record: ResourceRecord, urn: string, inputs: Inputs): Promise<Outputs> {
    const { services, table, broken } = this.parts;
    const kind = this.kind(record.type);
    const wasBroken = this.isBroken(record);
    const outputs = kind.update ? await kind.update(services, record, inputs) : record.outputs;
    const changed = { ...record, urn, inputs, outputs };
    table.replace(changed);
    if (wasBroken) await kind.restore?.(services, changed);
    broken.remove(record);
    this.tellNetwork(record.type);
    return outputs;
  }

  private isBroken(record: ResourceRecord): boolean {
    const { broken, services } = this.parts;
    return broken.has(record) || this.kind(record.type).isWhole?.(services, record) === false;
  }

  /** On this machine what is to go goes in seconds. */
  private async eraseWhenFree(record: ResourceRecord): Promise<void> {
    for (let waited = 0; ; waited += LOOK) {
      try {
        return await this.erase(record);
      } catch (error) {
        const inUse = error instanceof AwsError && error.code === "DependencyViolation";
        if (!inUse || !this.kind(record.type).waitsToBeDeleted || waited >= PATIENCE) throw error;
      }
      await sleep(LOOK);
    }
  }

  private async erase(record: ResourceRecord): Promise<void> {
    await this.kind(record.type).delete?.(this.parts.services, record);
    this.parts.table.remove(record.type, record.id);
    this.parts.broken.remove(record);
    this.tellNetwork(record.type);
  }

  private tellNetwork(type: string): void {
    if (isPartOfNetwork(type)) this.parts.services.network.changed();
  }

  private oneByOne<T>(urn: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(urn) ?? Promise.resolve();
    const run = before.then(work, work);
    const tail = run
      .catch(() => undefined)
      .then(() => {
        if (this.queues.get(urn) === tail) this.queues.delete(urn);
      });
    this.queues.set(urn, tail);
    return run;
  }
}

/**
 * terraform-provider-aws sends in an update what has changed, and AWS leaves the rest as it is: also what an API call has
 * changed meanwhile and the program ignores, such as a mapping that is turned on.
 */
function wanted(record: ResourceRecord, inputs: Inputs, changed: readonly string[] | undefined): Inputs {
  if (!changed) return inputs;
  const kept = Object.entries(record.inputs).filter(([name]) => name in inputs && !changed.includes(name));
  return { ...inputs, ...Object.fromEntries(kept) };
}
