import { randomUUID } from "node:crypto";
import type { Database } from "../database";
import { Statements } from "../statements";

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

export interface BodyRow {
  body: string;
  attributes: string | null;
  sender: string | null;
}

const ROW = "seq, body, message_id, sent_at, receive_count, first_received_at, dead_letter_source";

/** The SQL of the messages. Callers bring the transactions. */
export class MessageTable {
  private nextSeq: number;
  private readonly sql: Statements;

  constructor(database: Database) {
    this.sql = new Statements(database);
    const last = this.sql.get(
      "SELECT max((SELECT max(seq) FROM messages WHERE queue = queues.id)) AS last FROM queues",
    );
    this.nextSeq = ((last as { last: number | null }).last ?? 0) + 1;
  }

  /** Answers the message id. */
  insert(message: NewMessage): string {
    const { queueId, body, attributes, sender, now, visibleAt } = message;
    const messageId = randomUUID();
    const bodyId = this.sql.run(
      "INSERT INTO message_bodies (body, attributes, sender) VALUES (?, ?, ?)",
      body,
      attributes,
      sender,
    );
    this.sql.run(
      `INSERT INTO messages (queue, seq, body, message_id, sent_at, queued_at, visible_at, receive_count)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      queueId,
      this.nextSeq++,
      bodyId.lastInsertRowid,
      messageId,
      now,
      now,
      visibleAt,
    );
    return messageId;
  }

  /** What can be received, longest visible first. */
  visible(queueId: number, now: number, expiry: number, limit: number): MessageRow[] {
    return this.sql.all(
      `SELECT ${ROW} FROM messages WHERE queue = ? AND visible_at <= ? AND sent_at > ? ORDER BY visible_at LIMIT ?`,
      queueId,
      now,
      expiry,
      limit,
    ) as unknown as MessageRow[];
  }

  content(bodyId: number): BodyRow {
    return this.sql.get(
      "SELECT body, attributes, sender FROM message_bodies WHERE id = ?",
      bodyId,
    ) as unknown as BodyRow;
  }

  markReceived(queueId: number, seq: number, now: number, visibleAt: number): void {
    this.sql.run(
      `UPDATE messages SET visible_at = ?, receive_count = receive_count + 1,
         first_received_at = coalesce(first_received_at, ?) WHERE queue = ? AND seq = ?`,
      visibleAt,
      now,
      queueId,
      seq,
    );
  }

  /** Redrive: id, original time and receive count stay; the place in the order is new. */
  moveToDeadLetters(queueId: number, seq: number, target: number, now: number, sourceName: string): void {
    this.sql.run(
      `UPDATE messages SET queue = ?, seq = ?, queued_at = ?, visible_at = ?, dead_letter_source = ?
       WHERE queue = ? AND seq = ?`,
      target,
      this.nextSeq++,
      now,
      now,
      sourceName,
      queueId,
      seq,
    );
  }

  /** A message move task's redrive: a new message with the old content. */
  renew(queueId: number, seq: number, target: number, now: number, visibleAt: number): void {
    this.sql.run(
      `UPDATE messages SET queue = ?, seq = ?, message_id = ?, sent_at = ?, queued_at = ?, visible_at = ?,
         receive_count = 0, first_received_at = NULL, dead_letter_source = NULL WHERE queue = ? AND seq = ?`,
      target,
      this.nextSeq++,
      randomUUID(),
      now,
      now,
      visibleAt,
      queueId,
      seq,
    );
  }

  /** What a move task may take: visible, and there before the task began. */
  movable(queueId: number, lastSeq: number, now: number, limit: number): MessageRow[] {
    return this.sql.all(
      `SELECT ${ROW} FROM messages WHERE queue = ? AND seq <= ? AND visible_at <= ? ORDER BY seq LIMIT ?`,
      queueId,
      lastSeq,
      now,
      limit,
    ) as unknown as MessageRow[];
  }

  /** The newest place in the order that is taken. */
  lastSeq(): number {
    return this.nextSeq - 1;
  }

  /** Deletes the message if that receive was its last one. */
  remove(queueId: number, seq: number, messageId: string, receiveCount: number): boolean {
    const row = this.sql.get(
      "DELETE FROM messages WHERE queue = ? AND seq = ? AND message_id = ? AND receive_count = ? RETURNING body",
      queueId,
      seq,
      messageId,
      receiveCount,
    ) as { body: number } | undefined;
    if (row) this.sql.run("DELETE FROM message_bodies WHERE id = ?", row.body);
    return row !== undefined;
  }

  find(
    queueId: number,
    seq: number,
  ): { message_id: string; receive_count: number; visible_at: number } | undefined {
    return this.sql.get(
      "SELECT message_id, receive_count, visible_at FROM messages WHERE queue = ? AND seq = ?",
      queueId,
      seq,
    ) as never;
  }

  setVisible(queueId: number, seq: number, visibleAt: number): void {
    this.sql.run("UPDATE messages SET visible_at = ? WHERE queue = ? AND seq = ?", visibleAt, queueId, seq);
  }

  /** Deletes up to `limit` messages sent at `expiry` or before; answers how many. */
  expire(queueId: number, expiry: number, limit: number): number {
    const rows = this.sql.all(
      "SELECT seq, body FROM messages WHERE queue = ? AND sent_at <= ? LIMIT ?",
      queueId,
      expiry,
      limit,
    );
    for (const { seq, body } of rows as { seq: number; body: number }[]) {
      this.sql.run("DELETE FROM messages WHERE queue = ? AND seq = ?", queueId, seq);
      this.sql.run("DELETE FROM message_bodies WHERE id = ?", body);
    }
    return rows.length;
  }

  clear(queueId: number): void {
    this.sql.run(
      "DELETE FROM message_bodies WHERE id IN (SELECT body FROM messages WHERE queue = ?)",
      queueId,
    );
    this.sql.run("DELETE FROM messages WHERE queue = ?", queueId);
  }

  total(queueId: number): number {
    return (this.sql.get("SELECT count(*) AS n FROM messages WHERE queue = ?", queueId) as { n: number }).n;
  }

  /** Read from the index alone: as dear as the number of hidden messages, whatever is visible. */
  hidden(queueId: number, now: number): { inFlight: number; delayed: number } {
    return this.sql.get(
      `SELECT count(*) FILTER (WHERE receive_count > 0) AS inFlight, count(*) FILTER (WHERE receive_count = 0) AS delayed
       FROM messages WHERE queue = ? AND visible_at > ?`,
      queueId,
      now,
    ) as { inFlight: number; delayed: number };
  }

  oldest(queueId: number): number | undefined {
    const row = this.sql.get("SELECT queued_at FROM messages WHERE queue = ? ORDER BY seq LIMIT 1", queueId);
    return (row as { queued_at: number } | undefined)?.queued_at;
  }

  nextVisible(queueId: number): number | undefined {
    const row = this.sql.get("SELECT min(visible_at) AS at FROM messages WHERE queue = ?", queueId) as {
      at: number | null;
    };
    return row.at ?? undefined;
  }
}
