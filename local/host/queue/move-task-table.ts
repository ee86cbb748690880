import type { Database } from "../database";

export interface MoveTask {
  handle: string;
  sourceArn: string;
  destinationArn?: string;
  /** MaxNumberOfMessagesPerSecond. */
  perSecond?: number;
  /** Messages that came after it are left alone. */
  lastSeq: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  moved: number;
  toMove: number;
  /** AWS's FailureReason. */
  failure?: string;
}

interface Row {
  handle: string;
  source_arn: string;
  destination_arn: string | null;
  per_second: number | null;
  last_seq: number;
  started_at: number;
  status: MoveTask["status"];
  moved: number;
  to_move: number;
  failure: string | null;
}

/** The move tasks on disk. */
export class MoveTaskTable {
  constructor(private readonly database: Database) {}

  insert(task: MoveTask): void {
    this.database.sql
      .prepare("INSERT INTO message_move_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(
        task.handle,
        task.sourceArn,
        task.destinationArn ?? null,
        task.perSecond ?? null,
        task.lastSeq,
        task.startedAt,
        task.status,
        task.moved,
        task.toMove,
        task.failure ?? null,
      );
  }

  update({ handle, status, moved, failure }: MoveTask): void {
    this.database.sql
      .prepare("UPDATE message_move_tasks SET status = ?, moved = ?, failure = ? WHERE handle = ?")
      .run(status, moved, failure ?? null, handle);
  }

  get(handle: string): MoveTask | undefined {
    return this.query("WHERE handle = ?", handle)[0];
  }

  running(): MoveTask[] {
    return this.query("WHERE status = 'RUNNING'");
  }

  ofSource(arn: string, max: number): MoveTask[] {
    return this.query("WHERE source_arn = ? ORDER BY started_at DESC, rowid DESC LIMIT ?", arn, max);
  }

  private query(where: string, ...values: (string | number)[]): MoveTask[] {
    const rows = this.database.sql.prepare(`SELECT * FROM message_move_tasks ${where}`).all(...values);
    return (rows as unknown as Row[]).map((row) => ({
      handle: row.handle,
      sourceArn: row.source_arn,
      destinationArn: row.destination_arn ?? undefined,
      perSecond: row.per_second ?? undefined,
      lastSeq: row.last_seq,
      startedAt: row.started_at,
      status: row.status,
      moved: row.moved,
      toMove: row.to_move,
      failure: row.failure ?? undefined,
    }));
  }
}
