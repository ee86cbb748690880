import type { Database } from "../database";
import type { MessageTable } from "./message-table";

/** Messages deleted in one go: some milliseconds. */
const STEP = 1_000;
/** Milliseconds between two steps, for the others. */
const PAUSE = 5;
/** Milliseconds until the next try after the disk refused one: it may be full. */
const RETRY = 1_000;

/**
 * Deletes the messages of queues that were removed or purged, in small steps: a million of them take seconds, and
 * nobody waits for that. What a stopped host leaves is found at its next start.
 */
export class Leftovers {
  private readonly waiting: number[] = [];
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly database: Database,
    private readonly messages: MessageTable,
    private readonly retryMs = RETRY,
  ) {}

  /** Everything that belongs to none of these queues. */
  sweepAll(queues: Set<number>): void {
    for (const id of this.messages.queueIds()) if (!queues.has(id)) this.sweep(id);
  }

  sweep(queueId: number): void {
    this.waiting.push(queueId);
    this.timer ??= setTimeout(() => this.step(), PAUSE);
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private step(): void {
    const pause = this.removeSome(this.waiting[0]!) ? PAUSE : this.retryMs;
    this.timer = this.waiting.length > 0 ? setTimeout(() => this.step(), pause) : undefined;
  }

  /** False when the disk refused it: in a timer nobody else would catch that, and it would end the host. */
  private removeSome(id: number): boolean {
    try {
      const removed = this.database.relaxedTransaction(() =>
        this.messages.expire(id, Number.MAX_SAFE_INTEGER, STEP),
      );
      if (removed < STEP) this.waiting.shift();
      return true;
    } catch {
      return false;
    }
  }
}
