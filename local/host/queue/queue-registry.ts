import { AwsError } from "../aws-error";
import type { Clock, QueueAttributes } from "../services";
import type { QueueState, QueueTable } from "./queue-state";
import { checkAttributes, checkQueueName, noSuchQueue, queueNameOfArn } from "./rules";

/** The queues there are, by name, and what each is set to. */
export class QueueRegistry {
  private readonly states = new Map<string, QueueState>();

  constructor(
    private readonly table: QueueTable,
    private readonly clock: Clock,
  ) {}

  /** Takes in a queue found on disk. */
  add(state: QueueState): void {
    this.states.set(state.name, state);
  }

  find(name: string): QueueState | undefined {
    return this.states.get(name);
  }

  /** Throws QueueDoesNotExist. */
  get(name: string): QueueState {
    const state = this.states.get(name);
    if (!state) throw noSuchQueue();
    return state;
  }

  names(): string[] {
    return [...this.states.keys()].sort();
  }

  ids(): Set<number> {
    return new Set([...this.states.values()].map((queue) => queue.id));
  }

  /** Makes the queue, or changes its attributes. Throws InvalidParameterValue. */
  put(name: string, attributes: QueueAttributes): void {
    const state = this.states.get(name);
    if (state && JSON.stringify(state.attributes) === JSON.stringify(attributes)) return;
    checkQueueName(name);
    checkAttributes(attributes);
    this.checkRedrive(attributes);
    const now = this.clock.now();
    if (state) {
      this.table.update(state.id, attributes, now);
      Object.assign(state, { attributes, modifiedAt: now });
    } else {
      this.states.set(name, this.table.insert(name, attributes, now));
    }
  }

  forget(name: string): void {
    this.states.delete(name);
  }

  clear(): void {
    this.states.clear();
  }

  /** Names of the queues whose redrive policy names this one. */
  deadLetterSources(name: string): string[] {
    const isSource = ({ attributes: { redrive } }: QueueState) =>
      redrive !== undefined && queueNameOfArn(redrive.deadLetterTargetArn) === name;
    return [...this.states.values()].filter(isSource).map((queue) => queue.name);
  }

  private checkRedrive({ redrive }: QueueAttributes): void {
    if (!redrive || this.states.has(queueNameOfArn(redrive.deadLetterTargetArn))) return;
    const value = `Value ${JSON.stringify(redrive)} for parameter RedrivePolicy is invalid.`;
    throw new AwsError("InvalidParameterValue", `${value} Reason: Dead letter target does not exist.`);
  }
}
