import type { Database } from "../database";
import { Statements } from "../statements";
import type { AlarmState, AlarmStatus } from "./contract";

/** What an alarm was like when the host stopped: who has been told of it must not be told again. */
export const alarmSchema = `
CREATE TABLE IF NOT EXISTS alarm_states (
  arn TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  configured_at INTEGER NOT NULL,
  action_error TEXT
) WITHOUT ROWID;
`;

interface Row {
  state: AlarmState;
  reason: string;
  since: number;
  configured_at: number;
  action_error: string | null;
}

export type KeptStatus = Omit<AlarmStatus, "spec">;

/** The states of alarms on disk. `openDatabase` must have applied `alarmSchema`. */
export class AlarmStates {
  private readonly statements: Statements;

  constructor(private readonly database: Database) {
    this.statements = new Statements(database);
  }

  find(arn: string): KeptStatus | undefined {
    const row = this.statements.get<Row>("SELECT * FROM alarm_states WHERE arn = ?", arn);
    if (!row) return undefined;
    const { state, reason, since, configured_at: configuredAt, action_error: actionError } = row;
    return { state, reason, since, configuredAt, ...(actionError ? { actionError } : {}) };
  }

  keep(arn: string, { state, reason, since, configuredAt, actionError }: KeptStatus): void {
    const sql = "INSERT OR REPLACE INTO alarm_states VALUES (?, ?, ?, ?, ?, ?)";
    const error = actionError ?? null;
    this.write(() => this.statements.run(sql, arn, state, reason, since, configuredAt, error));
  }

  forget(arn: string): void {
    this.write(() => this.statements.run("DELETE FROM alarm_states WHERE arn = ?", arn));
  }

  /** A state that a power failure takes back is found again at the next evaluation. */
  private write(work: () => unknown): void {
    this.database.relaxedTransaction(work);
  }
}
