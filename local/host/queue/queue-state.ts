import type { Database } from "../database";
import type { QueueAttributes } from "../services";

/** A queue as it is kept in memory; its row and its messages are in the database. */
export interface QueueState {
  /** Of its messages' rows; a purge gives it a new one. */
  id: number;
  readonly name: string;
  attributes: QueueAttributes;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  modifiedAt: number;
  /** Messages in all, expired ones that are not swept yet included. */
  total: number;
  /** Never less than the number in flight; made exact when it matters. */
  inFlightAtMost: number;
  /** When expired messages were last looked for. */
  sweptAt: number;
  /** The last purge in this life of the host; NEVER when there was none. */
  purgedAt: number;
}

export const NEVER = Number.NEGATIVE_INFINITY;

interface Row {
  id: number;
  name: string;
  attributes: string;
  created_at: number;
  modified_at: number;
}

/** The table of the queues themselves. */
export class QueueTable {
  constructor(private readonly database: Database) {}

  load(): Omit<QueueState, "total" | "inFlightAtMost" | "sweptAt" | "purgedAt">[] {
    const rows = this.database.sql.prepare("SELECT * FROM queues ORDER BY id").all() as unknown as Row[];
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      attributes: JSON.parse(row.attributes) as QueueAttributes,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
    }));
  }

  insert(name: string, attributes: QueueAttributes, now: number): QueueState {
    const sql = "INSERT INTO queues (name, attributes, created_at, modified_at) VALUES (?, ?, ?, ?)";
    const { lastInsertRowid } = this.database.sql
      .prepare(sql)
      .run(name, JSON.stringify(attributes), now, now);
    const id = Number(lastInsertRowid);
    return {
      id,
      name,
      attributes,
      createdAt: now,
      modifiedAt: now,
      total: 0,
      inFlightAtMost: 0,
      sweptAt: now,
      purgedAt: NEVER,
    };
  }

  update(id: number, attributes: QueueAttributes, now: number): void {
    const sql = "UPDATE queues SET attributes = ?, modified_at = ? WHERE id = ?";
    this.database.sql.prepare(sql).run(JSON.stringify(attributes), now, id);
  }

  /** Leaves all messages of the queue behind, whatever their number. Answers the new id. */
  renumber(queue: QueueState): number {
    this.remove(queue.id);
    const sql = "INSERT INTO queues (name, attributes, created_at, modified_at) VALUES (?, ?, ?, ?)";
    const { name, attributes, createdAt, modifiedAt } = queue;
    return Number(
      this.database.sql.prepare(sql).run(name, JSON.stringify(attributes), createdAt, modifiedAt)
        .lastInsertRowid,
    );
  }

  remove(id: number): void {
    this.database.sql.prepare("DELETE FROM queues WHERE id = ?").run(id);
  }
}
