import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Database } from "../database";
import type { Clock } from "../services";
import type { MessageRow, MessageTable } from "./message-table";
import { type MoveTask, MoveTaskTable } from "./move-task-table";
import type { QueueState } from "./queue-state";
import { checkRange, noSuchQueue, queueNameOfArn } from "./rules";

export interface MoveRequest {
  sourceArn: string;
  /** Default: for each message the queue it came from. */
  destinationArn?: string;
  /** 1..500; as fast as it goes when absent. */
  maxMessagesPerSecond?: number;
}

interface Parts {
  database: Database;
  messages: MessageTable;
  clock: Clock;
  byName: (name: string) => QueueState | undefined;
  /** Whether a queue's redrive policy names it. */
  isDeadLetterQueue: (name: string) => boolean;
  wake: (queue: QueueState) => void;
  /** Milliseconds until a step that the disk refused is tried again; default 1 s. */
  retryMs?: number;
}

/** Messages moved in one transaction. */
const STEP = 200;
/** Milliseconds between two steps of a task with a rate. */
const PACE = 100;
const RETRY_MS = 1_000;

/**
 * SQS's message move tasks: redrive of a dead-letter queue. A moved message is a new one: new id, new enqueue
 * time, receive count 0. Tasks outlive the host; a running one goes on where it was.
 */
export class MoveTasks {
  private readonly table: MoveTaskTable;
  private readonly timers = new Map<string, NodeJS.Timeout | NodeJS.Immediate>();
  private closed = false;

  constructor(private readonly parts: Parts) {
    this.table = new MoveTaskTable(parts.database);
    for (const task of this.table.running()) this.schedule(task);
  }

  /** Answers the task handle. Throws ResourceNotFoundException, InvalidParameterValue. */
  start(request: MoveRequest): string {
    const { sourceArn, destinationArn, maxMessagesPerSecond } = request;
    if (maxMessagesPerSecond !== undefined)
      checkRange("MaxNumberOfMessagesPerSecond", maxMessagesPerSecond, 1, 500);
    const source = this.source(sourceArn);
    if (destinationArn !== undefined && !this.parts.byName(queueNameOfArn(destinationArn)))
      throw noSuchResource();
    if (this.table.running().some((task) => task.sourceArn === sourceArn)) {
      throw refused(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString("base64"),
      sourceArn,
      destinationArn,
      perSecond: maxMessagesPerSecond,
      lastSeq: this.parts.messages.lastSeq(),
      startedAt: this.parts.clock.now(),
      status: "RUNNING",
      moved: 0,
      toMove: source.total,
    };
    this.table.insert(task);
    this.schedule(task);
    return task.handle;
  }

  /** Newest first. `max` 1..10. */
  list(sourceArn: string, max = 1): MoveTask[] {
    checkRange("MaxResults", max, 1, 10);
    if (!this.parts.byName(queueNameOfArn(sourceArn))) throw noSuchResource();
    return this.table.ofSource(sourceArn, max);
  }

  /** Answers how many it moved. Throws ResourceNotFoundException, InvalidParameterValue when it is not running. */
  cancel(handle: string): number {
    const task = this.table.get(handle);
    if (!task) throw new AwsError("ResourceNotFoundException", "Task does not exist.", 404);
    if (task.status !== "RUNNING") throw refused("Only active tasks can be cancelled.");
    this.stop(handle);
    this.table.update({ ...task, status: "CANCELLED" });
    return task.moved;
  }

  /** The ARN of the queue a task empties; undefined when there is no such task. */
  sourceOf(handle: string): string | undefined {
    return this.table.get(handle)?.sourceArn;
  }

  close(): void {
    this.closed = true;
    for (const handle of [...this.timers.keys()]) this.stop(handle);
  }

  private source(arn: string): QueueState {
    const source = this.parts.byName(queueNameOfArn(arn));
    if (!source) throw noSuchResource();
    if (!this.parts.isDeadLetterQueue(source.name))
      throw refused("Source queue must be configured as a Dead Letter Queue.");
    return source;
  }

  private schedule(task: MoveTask): void {
    const run = () => this.step(task.handle);
    this.timers.set(task.handle, task.perSecond ? setTimeout(run, PACE) : setImmediate(run));
  }

  private stop(handle: string): void {
    const timer = this.timers.get(handle);
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    this.timers.delete(handle);
  }

  private step(handle: string): void {
    this.timers.delete(handle);
    if (this.closed) return;
    try {
      const task = this.table.get(handle);
      if (task?.status !== "RUNNING") return;
      const next = this.advance(task);
      this.table.update(next);
      if (next.status === "RUNNING") this.schedule(next);
    } catch {
      // Thrown on from a timer it would end the host.
      this.timers.set(
        handle,
        setTimeout(() => this.step(handle), this.parts.retryMs ?? RETRY_MS),
      );
    }
  }

  private advance(task: MoveTask): MoveTask {
    const source = this.parts.byName(queueNameOfArn(task.sourceArn));
    if (!source) return { ...task, status: "FAILED", failure: "AWS.SimpleQueueService.NonExistentQueue" };
    const budget = this.budget(task);
    if (budget === 0) return task;
    try {
      const moved = this.move(task, source, budget);
      return { ...task, moved: task.moved + moved, status: moved === 0 ? "COMPLETED" : "RUNNING" };
    } catch (error) {
      return { ...task, status: "FAILED", failure: error instanceof AwsError ? error.code : String(error) };
    }
  }

  /** How many the rate allows now. */
  private budget(task: MoveTask): number {
    if (!task.perSecond) return STEP;
    const allowed = Math.floor(((this.parts.clock.now() - task.startedAt) / 1000) * task.perSecond);
    return Math.max(0, Math.min(STEP, allowed - task.moved));
  }

  private move(task: MoveTask, source: QueueState, limit: number): number {
    const { database, messages, clock, wake } = this.parts;
    const now = clock.now();
    const targets: QueueState[] = [];
    database.transaction(() => {
      for (const row of messages.movable(source.id, task.lastSeq, now, limit)) {
        const target = this.target(task, row);
        messages.renew(source.id, row.seq, target.id, now, now + target.attributes.delaySeconds * 1000);
        targets.push(target);
      }
    });
    source.total -= targets.length;
    for (const target of targets) target.total++;
    for (const target of new Set(targets)) wake(target);
    return targets.length;
  }

  private target(task: MoveTask, row: MessageRow): QueueState {
    const arn = task.destinationArn;
    if (!arn && !row.dead_letter_source)
      throw new AwsError("CouldNotDetermineMessageSource", "Sent to it directly.");
    const target = this.parts.byName(arn ? queueNameOfArn(arn) : row.dead_letter_source!);
    if (!target) throw new AwsError("AWS.SimpleQueueService.NonExistentQueue", noSuchQueue().message);
    return target;
  }
}

function noSuchResource(): AwsError {
  return new AwsError(
    "ResourceNotFoundException",
    "The resource that you specified for the SourceArn parameter doesn't exist.",
    404,
  );
}

function refused(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
