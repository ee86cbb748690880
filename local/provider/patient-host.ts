import { setTimeout as sleep } from "node:timers/promises";
import { AwsError } from "../host/aws-error";
import { type Bearing, NO_PATIENCE, type Patience, patience } from "./patience";
import type { Host } from "./resources";
import type { Values } from "./values";

/** The thing was made, and did not become what it should: the engine must keep its id. */
export class NotSettled extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Values,
  ) {
    super(message);
    this.name = "NotSettled";
  }
}

type Action = "create" | "update" | "delete";

interface Named {
  type: string;
  urn: string;
  id: string;
}

/** How often a state is looked at, and a refused call tried again. Milliseconds. */
const INTERVAL = 250;

/** A host whose delays are borne with and waited out, as the AWS provider does; one without delays is not asked more. */
export class PatientHost implements Host {
  constructor(
    private readonly host: Host,
    private readonly table: Readonly<Record<string, Patience>> = patience,
    private readonly intervalMs = INTERVAL,
  ) {}

  async create(request: Parameters<Host["create"]>[0]): ReturnType<Host["create"]> {
    const made = await this.borne(request.type, "create", () => this.host.create(request));
    if (!made.state) return made;
    const named = { type: request.type, urn: request.urn, id: made.id };
    try {
      await this.settled(named, "create", made.state);
    } catch (error) {
      throw new NotSettled((error as Error).message, made.id, made.outputs);
    }
    return { id: made.id, outputs: await this.outputsOf(named, made.outputs) };
  }

  async update(request: Parameters<Host["update"]>[0]): ReturnType<Host["update"]> {
    const { outputs, state } = await this.borne(request.type, "update", () => this.host.update(request));
    if (!state) return { outputs };
    await this.settled(request, "update", state);
    return { outputs: await this.outputsOf(request, outputs) };
  }

  async remove(request: Named): ReturnType<Host["remove"]> {
    const { state } = await this.borne(request.type, "delete", () => this.host.remove(request));
    if (state) await this.settled(request, "delete", state);
    return {};
  }

  read(request: Named): ReturnType<Host["read"]> {
    return this.host.read(request);
  }

  list(type: string): ReturnType<Host["list"]> {
    return this.host.list(type);
  }

  state(request: Named): ReturnType<Host["state"]> {
    return this.host.state(request);
  }

  private patienceOf(type: string): Patience {
    return this.table[type] ?? NO_PATIENCE;
  }

  /** Calls again what is refused for a reason that passes. */
  private async borne<T>(type: string, action: Action, call: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const rules = (this.patienceOf(type).bears ?? []).filter(({ on }) => on.includes(action));
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const rule = rules.find(({ saying }) => error instanceof AwsError && saying.test(error.message));
        if (!rule || isOver(rule, started)) throw error;
        await sleep(this.intervalMs);
      }
    }
  }

  /** Looks until the thing passes through no state any more. */
  private async settled(named: Named, action: Action, first: string): Promise<void> {
    const seconds = this.patienceOf(named.type).waits?.[action];
    if (seconds === undefined) return;
    const started = performance.now();
    for (let state: string | undefined = first; state; ) {
      if (performance.now() - started > seconds * 1000) {
        throw new Error(`timeout while waiting for state to become settled (last state: '${state}')`);
      }
      await sleep(this.intervalMs);
      ({ state } = await this.host.state(named));
    }
  }

  private async outputsOf(named: Named, otherwise: Values): Promise<Values> {
    return (await this.host.read(named))?.outputs ?? otherwise;
  }
}

function isOver({ seconds }: Bearing, started: number): boolean {
  return performance.now() - started > seconds * 1000;
}
