import { hash } from "node:crypto";
import type { Database } from "../database";
import type { Clock, QueueAttributes, QueueCounts, Queues } from "../services";
import { GroupCommit } from "./group-commit";
import { Leftovers } from "./leftovers";
import { LongPolls } from "./long-polls";
import { MessageTable } from "./message-table";
import { MoveTasks } from "./move-tasks";
import { QueueRegistry } from "./queue-registry";
import { NEVER, type QueueState, QueueTable } from "./queue-state";
import { decodeReceipt } from "./receipt";
import { type ReceivedMessage, Receiver } from "./receiver";
import * as rules from "./rules";

export interface SendOptions {
  delaySeconds?: number;
  messageAttributes?: Record<string, unknown>;
  /** AWS's SenderId. */
  senderId?: string;
}

type ReceiveOptions = Parameters<Queues["receive"]>[1];

/** Queues on disk with the semantics of SQS standard queues. `openDatabase` must have applied `queueSchema`. */
export class LocalQueues implements Queues {
  readonly moveTasks: MoveTasks;
  private readonly registry: QueueRegistry;
  private readonly table: QueueTable;
  private readonly messages: MessageTable;
  private readonly commits: GroupCommit;
  private readonly polls: LongPolls;
  private readonly receiver: Receiver;
  private readonly leftovers: Leftovers;
  private readonly toWake = new Set<QueueState>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.table = new QueueTable(database);
    this.registry = new QueueRegistry(this.table, clock);
    this.messages = new MessageTable(database);
    this.commits = new GroupCommit(database, () => this.wakeAll());
    this.polls = new LongPolls(clock, (queue) => this.messages.nextVisible(queue.id));
    const byName = (name: string) => this.registry.find(name);
    const wake = (queue: QueueState) => this.polls.wake(queue);
    this.receiver = new Receiver(database, this.messages, clock, byName, wake);
    for (const row of this.table.load()) {
      const { inFlight } = this.messages.hidden(row.id, clock.now());
      const total = this.messages.total(row.id);
      this.registry.add({ ...row, total, inFlightAtMost: inFlight, sweptAt: 0, purgedAt: NEVER });
    }
    this.leftovers = new Leftovers(database, this.messages);
    this.leftovers.sweepAll(this.registry.ids());
    const isDeadLetterQueue = (name: string) => this.deadLetterSources(name).length > 0;
    this.moveTasks = new MoveTasks({
      database,
      messages: this.messages,
      clock,
      byName,
      isDeadLetterQueue,
      wake,
    });
  }

  /** Makes the queue, or changes its attributes. Throws InvalidParameterValue. */
  put(name: string, attributes: QueueAttributes): void {
    this.registry.put(name, attributes);
  }

  /** Deletes the queue with its messages. A queue of the same name made later has nothing of it. */
  remove(name: string): void {
    const state = this.registry.find(name);
    if (!state) return;
    this.commits.flush();
    this.table.remove(state.id);
    this.registry.forget(name);
    this.leftovers.sweep(state.id);
    this.polls.end(state);
  }

  has(name: string): boolean {
    return this.registry.find(name) !== undefined;
  }

  names(): string[] {
    return this.registry.names();
  }

  /** Throws QueueDoesNotExist. */
  describe(name: string): Readonly<Pick<QueueState, "attributes" | "createdAt" | "modifiedAt" | "purgedAt">> {
    return this.registry.get(name);
  }

  /** Names of the queues whose redrive policy names this one. */
  deadLetterSources(name: string): string[] {
    return this.registry.deadLetterSources(name);
  }

  async send(
    name: string,
    body: string,
    options: SendOptions = {},
  ): Promise<{ messageId: string; md5OfBody: string }> {
    const queue = this.registry.get(name);
    const { delaySeconds = queue.attributes.delaySeconds, messageAttributes, senderId } = options;
    rules.checkRange("DelaySeconds", delaySeconds, 0, 900);
    rules.checkMessage(body, messageAttributes, queue.attributes.maxMessageSize);
    const attributes =
      messageAttributes && Object.keys(messageAttributes).length > 0
        ? JSON.stringify(messageAttributes)
        : null;
    const now = this.clock.now();
    const visibleAt = now + delaySeconds * 1000;
    const message = { queueId: queue.id, body, attributes, sender: senderId ?? null, now, visibleAt };
    const messageId = await this.commits.run(
      () => this.messages.insert(message),
      () => {
        queue.total++;
        this.toWake.add(queue);
      },
    );
    return { messageId, md5OfBody: hash("md5", body) };
  }

  async receive(name: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const queue = this.registry.get(name);
    const { max, signal } = options;
    const seconds = options.visibilityTimeoutSeconds ?? queue.attributes.visibilityTimeoutSeconds;
    const waitSeconds = options.waitSeconds ?? queue.attributes.receiveWaitTimeSeconds;
    rules.checkRange("VisibilityTimeout", seconds, 0, rules.MAX_VISIBILITY_SECONDS);
    const how = { visibilitySeconds: seconds, inHand: options.inHand === true };
    const take = () => this.receiver.take(queue, max, how);
    const messages = take();
    if (messages.length > 0) return messages;
    if (waitSeconds > 0) return this.polls.wait(queue, take, waitSeconds, signal);
    if (!this.receiver.full(queue)) return [];
    throw rules.overLimit();
  }

  /** A stale handle (the message was received again since) is accepted and deletes nothing, as SQS documents it. */
  async delete(name: string, receiptHandles: string[]): Promise<void> {
    const queue = this.registry.get(name);
    const receipts = receiptHandles.map((handle) => decodeReceipt(handle, name));
    const removeOne = ({ seq, messageId, receiveCount }: (typeof receipts)[number]) =>
      this.messages.remove(queue.id, seq, messageId, receiveCount);
    await this.commits.run(
      () => receipts.filter(removeOne).length,
      (removed) => {
        queue.total -= removed;
      },
    );
  }

  async changeVisibility(name: string, receiptHandle: string, seconds: number): Promise<void> {
    const queue = this.registry.get(name);
    rules.checkRange("VisibilityTimeout", seconds, 0, rules.MAX_VISIBILITY_SECONDS);
    const { seq, messageId, receiveCount, receivedAt } = decodeReceipt(receiptHandle, name);
    await this.commits.run(
      () => {
        const now = this.clock.now();
        const row = this.messages.find(queue.id, seq);
        if (!row || row.message_id !== messageId) throw rules.notChangeable(receiptHandle);
        if (row.receive_count !== receiveCount || row.visible_at <= now) throw rules.notInFlight();
        if (now + seconds * 1000 > receivedAt + rules.MAX_VISIBILITY_SECONDS * 1000)
          throw rules.hiddenTooLong(seconds);
        this.messages.setVisible(queue.id, seq, now + seconds * 1000);
      },
      () => this.toWake.add(queue),
    );
  }

  letGo(name: string, receiptHandles: string[]): void {
    const queue = this.registry.get(name);
    const receives = receiptHandles.map((handle) => decodeReceipt(handle, name));
    // Undone by a power failure, it is given back at the next start: tried once more than it had to be.
    this.database.relaxedTransaction(() => {
      for (const receive of receives) this.messages.letGo(queue.id, receive);
    });
  }

  async giveBack(name: string, receiptHandles: string[]): Promise<void> {
    const queue = this.registry.get(name);
    const receives = receiptHandles.map((handle) => decodeReceipt(handle, name));
    await this.commits.run(
      () => {
        for (const receive of receives) this.messages.giveBack(queue.id, receive, this.clock.now());
      },
      () => this.toWake.add(queue),
    );
  }

  giveBackAll(name: string): void {
    const queue = this.registry.get(name);
    this.database.transaction(() => this.messages.giveBackAll(queue.id, this.clock.now()));
    this.polls.wake(queue);
  }

  counts(name: string): QueueCounts {
    const queue = this.registry.get(name);
    this.receiver.sweep(queue);
    const now = this.clock.now();
    const { inFlight, delayed } = this.messages.hidden(queue.id, now);
    const oldest = queue.total === 0 ? undefined : this.messages.oldest(queue.id);
    const oldestSeconds = oldest === undefined ? 0 : Math.max(0, Math.floor((now - oldest) / 1000));
    return { visible: queue.total - inFlight - delayed, inFlight, delayed, oldestSeconds };
  }

  purge(name: string): void {
    const queue = this.registry.get(name);
    this.commits.flush();
    const old = queue.id;
    queue.id = this.database.transaction(() => this.table.renumber(queue));
    this.leftovers.sweep(old);
    Object.assign(queue, { total: 0, inFlightAtMost: 0, purgedAt: this.clock.now() });
  }

  /** Commits what is waiting and ends the long polls. The database stays open: it is not this part's. */
  close(): void {
    this.commits.flush();
    this.moveTasks.close();
    this.leftovers.close();
    this.polls.end();
    this.registry.clear();
  }

  private wakeAll(): void {
    const queues = [...this.toWake];
    this.toWake.clear();
    for (const queue of queues) this.polls.wake(queue);
  }
}

export function createQueues(database: Database, clock: Clock): LocalQueues {
  return new LocalQueues(database, clock);
}
