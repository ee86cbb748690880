import { randomUUID } from "node:crypto";
import type { Database } from "../database";
import { Statements } from "../statements";
import { messageSql as sql } from "./message-sql";

export interface NewMessage {
  queueId: number;
  body: string;
  /** JSON. */
  attributes: string | null;
  sender: string | null;
  now: number;
  visibleAt: number;
}

/** A row of `messages`; times in milliseconds since the epoch. */
export interface MessageRow {
  seq: number;
  body: number;
  message_id: string;
  sent_at: number;
  receive_count: number;
  first_received_at: number | null;
  dead_letter_source: string | null;
}

/** One receive of one message. */
export interface Receive {
  seq: number;
  messageId: string;
  receiveCount: number;
}

export interface BodyRow {
  body: string;
  attributes: string | null;
  sender: string | null;
}

/** The messages on disk. Callers bring the transactions. */
export class MessageTable {
  private nextSeq: number;
  private readonly statements: Statements;

  constructor(database: Database) {
    this.statements = new Statements(database);
    this.nextSeq = (this.statements.get<{ last: number | null }>(sql.lastSeq)?.last ?? 0) + 1;
  }

  /** Answers the message id. */
  insert({ queueId, body, attributes, sender, now, visibleAt }: NewMessage): string {
    const messageId = randomUUID();
    const { lastInsertRowid } = this.statements.run(sql.insertBody, body, attributes, sender);
    this.statements.run(sql.insert, queueId, this.nextSeq++, lastInsertRowid, messageId, now, now, visibleAt);
    return messageId;
  }

  /** What can be received, longest visible first. Nothing that was sent at `expiry` or before. */
  visible(queueId: number, now: number, expiry: number, limit: number): MessageRow[] {
    return this.statements.all(sql.visible, queueId, now, expiry, limit);
  }

  content(bodyId: number): BodyRow {
    return this.statements.get<BodyRow>(sql.content, bodyId)!;
  }

  /** `inHand`: it goes into a function's hands, which end with the host. */
  markReceived(queueId: number, seq: number, now: number, visibleAt: number, inHand: boolean): void {
    this.statements.run(sql.receive, visibleAt, now, inHand ? 1 : 0, queueId, seq);
  }

  /** Redrive: id, original time and receive count stay; the place in the order is new. */
  moveToDeadLetters(queueId: number, seq: number, target: number, now: number, sourceName: string): void {
    this.statements.run(sql.deadLetter, target, this.nextSeq++, now, now, sourceName, queueId, seq);
  }

  /** A message move task's redrive: a new message with the old content. */
  renew(queueId: number, seq: number, target: number, now: number, visibleAt: number): void {
    this.statements.run(sql.renew, target, this.nextSeq++, randomUUID(), now, now, visibleAt, queueId, seq);
  }

  /** What a move task may take: visible, and there before the task began. */
  movable(queueId: number, lastSeq: number, now: number, limit: number): MessageRow[] {
    return this.statements.all(sql.movable, queueId, lastSeq, now, limit);
  }

  /** The newest place in the order that is taken. */
  lastSeq(): number {
    return this.nextSeq - 1;
  }

  /** Deletes the message if that receive was its last one. */
  remove(queueId: number, seq: number, messageId: string, receiveCount: number): boolean {
    const row = this.statements.get<{ body: number }>(sql.remove, queueId, seq, messageId, receiveCount);
    if (row) this.statements.run(sql.removeBody, row.body);
    return row !== undefined;
  }

  find(
    queueId: number,
    seq: number,
  ): { message_id: string; receive_count: number; visible_at: number } | undefined {
    return this.statements.get(sql.find, queueId, seq);
  }

  setVisible(queueId: number, seq: number, visibleAt: number): void {
    this.statements.run(sql.setVisible, visibleAt, queueId, seq);
  }

  /** The function has failed at what that receive brought: it waits out its visibility timeout. */
  letGo(queueId: number, { seq, messageId, receiveCount }: Receive): void {
    this.statements.run(sql.letGo, queueId, seq, messageId, receiveCount);
  }

  /** Undoes that receive, if it was the last one: the message is visible, and the receive does not count. */
  giveBack(queueId: number, { seq, messageId, receiveCount }: Receive, now: number): void {
    this.statements.run(sql.giveBack, now, queueId, seq, messageId, receiveCount);
  }

  /** The same for all that is in a function's hands. */
  giveBackAll(queueId: number, now: number): void {
    this.statements.run(sql.giveBackAll, now, queueId);
  }

  /** Deletes up to `limit` messages sent at `expiry` or before; answers how many. */
  expire(queueId: number, expiry: number, limit: number): number {
    const rows = this.statements.all<{ seq: number; body: number }>(sql.expired, queueId, expiry, limit);
    for (const { seq, body } of rows) {
      this.statements.run(sql.removeExpired, queueId, seq);
      this.statements.run(sql.removeBody, body);
    }
    return rows.length;
  }

  /** Ids of the queues that have messages, each found by one step in the key. */
  queueIds(): number[] {
    const ids: number[] = [];
    for (;;) {
      const next = this.statements.get<{ queue: number }>(sql.queueAfter, ids.at(-1) ?? 0);
      if (!next) return ids;
      ids.push(next.queue);
    }
  }

  /** Reads the whole queue's keys: for the start of the host. */
  total(queueId: number): number {
    return this.statements.get<{ n: number }>(sql.total, queueId)!.n;
  }

  /** Read from the index alone: as dear as the number of hidden messages, whatever is visible. */
  hidden(queueId: number, now: number): { inFlight: number; delayed: number } {
    return this.statements.get<{ inFlight: number; delayed: number }>(sql.hidden, queueId, now)!;
  }

  /** When the oldest message came into this queue, milliseconds since the epoch. */
  oldest(queueId: number): number | undefined {
    return this.statements.get<{ at: number }>(sql.oldest, queueId)?.at;
  }

  nextVisible(queueId: number): number | undefined {
    return this.statements.get<{ at: number | null }>(sql.nextVisible, queueId)?.at ?? undefined;
  }
}
