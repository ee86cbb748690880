import type { StatementSync } from "node:sqlite";
import type { Database } from "./database";

type Value = string | number | bigint | null;

/** Prepared statements by their text: each is compiled once. */
export class Statements {
  private readonly prepared = new Map<string, StatementSync>();

  constructor(private readonly database: Database) {}

  run(sql: string, ...values: Value[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.statement(sql).run(...values);
  }

  /** The first row, with the columns the caller knows the text to select. */
  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.statement(sql).all(...values) as Row[];
  }

  private statement(sql: string): StatementSync {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = this.database.sql.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}
