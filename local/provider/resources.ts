import type { Created, Passing, ResourceRecord } from "../protocol";
import { zipArchive } from "./archive";
import { type CheckRequest, check } from "./check";
import { type Difference, diff } from "./diff";
import { previewCreate, previewUpdate, stateOf } from "./outputs";
import { NotSettled } from "./patient-host";
import type { TypeTable } from "./property-table";
import { typeTable } from "./types";
import { hasUnknown, isArchive, present, UNKNOWN, type Values } from "./values";

/** How the provider reaches the host; a preview never calls it. */
export interface Host {
  create(request: { urn: string; type: string; inputs: Values; known: string[] }): Promise<Created>;
  update(request: {
    urn: string;
    type: string;
    id: string;
    inputs: Values;
    changed: string[];
  }): Promise<{ outputs: Values } & Passing>;
  remove(request: { urn: string; type: string; id: string }): Promise<Passing>;
  state(request: { urn: string; type: string; id: string }): Promise<Passing>;
  /** Of one type, in order of creation. */
  list(type: string): Promise<ResourceRecord[]>;
  /** undefined when the host has no such resource. */
  read(request: { urn: string; type: string; id: string }): Promise<ResourceRecord | undefined>;
}

export interface Target {
  urn: string;
  type: string;
  id: string;
}

/** The engine's verbs over plain values: the tables decide, the host does. */
export class Resources {
  /** By URN: ids the engine has named in this run. What the host has beyond them, an interrupted run made. */
  private readonly known = new Map<string, Set<string>>();

  constructor(
    private readonly host: Host,
    /** Folder that relative asset paths start from. */
    private readonly root: () => string,
  ) {}

  check(type: string, request: CheckRequest): ReturnType<typeof check> {
    return check(typeTable(type), { ...request, olds: present(request.olds) });
  }

  diff(target: Target, oldInputs: Values, news: Values): Difference {
    this.see(target);
    return diff(typeTable(target.type), present(oldInputs), present(news));
  }

  /** Throws NotSettled of a resource that is there and must not be forgotten. */
  async create(target: Target, values: Values, preview: boolean): Promise<{ id: string; state: Values }> {
    const table = typeTable(target.type);
    const inputs = present(values);
    if (preview) return { id: "", state: previewCreate(table, inputs) };
    const { urn, type } = target;
    const known = [...(this.known.get(urn) ?? [])];
    try {
      const wanted = { urn, type, inputs: this.forHost(table, inputs), known };
      const { id, outputs } = await this.host.create(wanted);
      return { id, state: stateOf(table, inputs, outputs) };
    } catch (error) {
      if (!(error instanceof NotSettled)) throw error;
      throw new NotSettled(error.message, error.id, stateOf(table, inputs, error.outputs));
    }
  }

  async update(
    target: Target,
    olds: Values,
    oldInputs: Values,
    news: Values,
    preview: boolean,
  ): Promise<Values> {
    this.see(target);
    const table = typeTable(target.type);
    const inputs = present(news);
    const { changes } = diff(table, present(oldInputs), inputs);
    if (preview) return previewUpdate(table, inputs, olds, changes);
    const changed = [...new Set(changes.map(({ property }) => property))];
    const { outputs } = await this.host.update({ ...target, inputs: this.forHost(table, inputs), changed });
    return stateOf(table, inputs, outputs);
  }

  async remove(target: Target): Promise<void> {
    this.see(target);
    await this.host.remove(target);
  }

  /** State and inputs of what is there, undefined when there is nothing. Archives are not sent back: the engine's own stand. */
  async read(target: Target, oldInputs: Values): Promise<{ inputs: Values; state: Values } | undefined> {
    const table = typeTable(target.type);
    const record = await this.host.read(target);
    if (!record) return undefined;
    this.see(target);
    const archives = Object.entries(oldInputs).filter(([, value]) => isArchive(value));
    const sent = Object.entries(record.inputs).filter(([name]) => table.inputs[name]?.type !== "archive");
    const inputs = Object.fromEntries([...sent, ...archives]);
    return { inputs, state: stateOf(table, inputs, record.outputs) };
  }

  private see({ urn, id }: Target): void {
    if (!id || id === UNKNOWN) return;
    const ids = this.known.get(urn) ?? new Set();
    this.known.set(urn, ids.add(id));
  }

  /** Archives become the zip itself. */
  private forHost(table: TypeTable, inputs: Values): Values {
    if (hasUnknown(inputs))
      throw new Error(`An input of ${table.type} is not known yet; the engine should have waited.`);
    return Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [
        name,
        isArchive(value) ? zipArchive(value, this.root()) : value,
      ]),
    );
  }
}
