import { hash } from "node:crypto";
import type { Database } from "../database";
import type { Clock, QueueMessage } from "../services";
import type { MessageRow, MessageTable } from "./message-table";
import type { QueueState } from "./queue-state";
import { encodeReceipt } from "./receipt";
import { MAX_IN_FLIGHT, queueNameOfArn } from "./rules";

/** What a receive of this host says beyond the interface all parts share. */
export interface ReceivedMessage extends QueueMessage {
  /** Who sent it: AWS's SenderId. */
  senderId?: string;
  /** Name of the queue it was redriven from. */
  deadLetterSource?: string;
}

/** Expired messages swept in one go, so that a sweep never holds the loop for long. */
const SWEEP = 2_000;
/** Milliseconds. A receive never hands out what expired since the last sweep; this only bounds the leftovers. */
const SWEEP_EVERY = 1_000;

/** The receive itself: redrive, receive counts, visibility, retention. */
export class Receiver {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageTable,
    private readonly clock: Clock,
    private readonly queueByName: (name: string) => QueueState | undefined,
    /** Told of every queue that got a dead letter. */
    private readonly moved: (target: QueueState) => void,
  ) {}

  /**
   * Takes up to `max` visible messages. Not flushed to the disk: a receive that a power failure undoes is a
   * message that is received again, which every consumer must bear anyway.
   */
  take(
    queue: QueueState,
    max: number,
    { visibilitySeconds, inHand }: { visibilitySeconds: number; inHand: boolean },
  ): ReceivedMessage[] {
    if (this.clock.now() - queue.sweptAt >= SWEEP_EVERY) this.sweep(queue);
    const limit = Math.min(max, MAX_IN_FLIGHT - this.inFlightAtMost(queue));
    if (limit <= 0 || queue.total === 0) return [];
    const now = this.clock.now();
    const targets: QueueState[] = [];
    const received = this.database.relaxedTransaction(() => {
      const taken: ReceivedMessage[] = [];
      for (;;) {
        const rows = this.messages.visible(queue.id, now, this.expiry(queue), limit - taken.length);
        for (const row of rows) {
          const target = this.deadLetterTarget(queue, row);
          if (target) {
            this.messages.moveToDeadLetters(queue.id, row.seq, target.id, now, queue.name);
            targets.push(target);
          } else {
            this.messages.markReceived(queue.id, row.seq, now, now + visibilitySeconds * 1000, inHand);
            taken.push(this.received(queue, row, now));
          }
        }
        // With a visibility timeout of 0 the same rows would be found again.
        if (rows.length === 0 || taken.length > 0) return taken;
      }
    });
    queue.inFlightAtMost += received.length;
    queue.total -= targets.length;
    for (const target of targets) target.total++;
    for (const target of new Set(targets)) this.moved(target);
    return received;
  }

  /** True when SQS would refuse a receive with OverLimit. */
  full(queue: QueueState): boolean {
    return this.inFlightAtMost(queue) >= MAX_IN_FLIGHT;
  }

  /**
   * Deletes what is past its retention; goes on in later turns when it is much. When the disk refuses it, nothing is
   * lost: a receive leaves expired messages out anyway, and the next sweep tries again.
   */
  sweep(queue: QueueState): void {
    queue.sweptAt = this.clock.now();
    if (queue.total === 0) return;
    let swept = 0;
    try {
      swept = this.database.relaxedTransaction(() =>
        this.messages.expire(queue.id, this.expiry(queue), SWEEP),
      );
    } catch {
      return;
    }
    queue.total -= swept;
    if (swept === SWEEP) setImmediate(() => this.queueByName(queue.name) === queue && this.sweep(queue));
  }

  /** Messages sent at this time or before are expired: SQS counts from the original send, also after a redrive. */
  private expiry(queue: QueueState): number {
    return this.clock.now() - queue.attributes.messageRetentionSeconds * 1000;
  }

  private inFlightAtMost(queue: QueueState): number {
    if (queue.inFlightAtMost >= MAX_IN_FLIGHT) {
      queue.inFlightAtMost = this.messages.hidden(queue.id, this.clock.now()).inFlight;
    }
    return queue.inFlightAtMost;
  }

  /** A message whose dead-letter queue is gone stays and is received: better than lost. */
  private deadLetterTarget(queue: QueueState, row: MessageRow): QueueState | undefined {
    const { redrive } = queue.attributes;
    if (!redrive || row.receive_count < redrive.maxReceiveCount) return undefined;
    return this.queueByName(queueNameOfArn(redrive.deadLetterTargetArn));
  }

  private received(queue: QueueState, row: MessageRow, now: number): ReceivedMessage {
    const { body, attributes, sender } = this.messages.content(row.body);
    const receiveCount = row.receive_count + 1;
    const messageId = row.message_id;
    return {
      messageId,
      receiptHandle: encodeReceipt({
        queue: queue.name,
        seq: row.seq,
        messageId,
        receiveCount,
        receivedAt: now,
      }),
      body,
      md5OfBody: hash("md5", body),
      receiveCount,
      sentAt: row.sent_at,
      firstReceivedAt: row.first_received_at ?? now,
      ...(attributes && { messageAttributes: JSON.parse(attributes) as Record<string, unknown> }),
      ...(sender && { senderId: sender }),
      ...(row.dead_letter_source && { deadLetterSource: row.dead_letter_source }),
    };
  }
}
