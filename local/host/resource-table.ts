import type { SQLInputValue } from "node:sqlite";
import type { Inputs, Outputs, ResourceRecord } from "../protocol";
import type { Database } from "./database";

/** Tables of the resources and of the database's own facts. */
export const schema = `
CREATE TABLE IF NOT EXISTS resources (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  urn TEXT NOT NULL,
  inputs TEXT NOT NULL,
  outputs TEXT NOT NULL,
  UNIQUE (type, id)
);
CREATE INDEX IF NOT EXISTS resources_urn ON resources (urn);
CREATE TABLE IF NOT EXISTS host_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** Before the URN of what an interrupted run left and no program will ask for again. */
export const LEFTOVER = "leftover:";

interface Row {
  type: string;
  id: string;
  urn: string;
  inputs: string;
  outputs: string;
}

function record(row: Row): ResourceRecord {
  return { ...row, inputs: JSON.parse(row.inputs) as Inputs, outputs: JSON.parse(row.outputs) as Outputs };
}

/** What exists on this machine: one row a resource, in the order of creation. */
export class ResourceTable {
  constructor(private readonly database: Database) {}

  insert(made: ResourceRecord): void {
    const { type, id, urn, inputs, outputs } = made;
    const row = [type, id, urn, JSON.stringify(inputs), JSON.stringify(outputs)];
    this.write("INSERT INTO resources (type, id, urn, inputs, outputs) VALUES (?, ?, ?, ?, ?)", row);
  }

  replace(changed: ResourceRecord): void {
    const { type, id, urn, inputs, outputs } = changed;
    const row = [urn, JSON.stringify(inputs), JSON.stringify(outputs), type, id];
    this.write("UPDATE resources SET urn = ?, inputs = ?, outputs = ? WHERE type = ? AND id = ?", row);
  }

  remove(type: string, id: string): void {
    this.write("DELETE FROM resources WHERE type = ? AND id = ?", [type, id]);
  }

  find(type: string, id: string): ResourceRecord | undefined {
    return this.read("WHERE type = ? AND id = ?", [type, id])[0];
  }

  all(type: string): ResourceRecord[] {
    return this.read("WHERE type = ?", [type]);
  }

  everything(): ResourceRecord[] {
    return this.read("", []);
  }

  ofUrn(urn: string, type: string): ResourceRecord[] {
    return this.read("WHERE urn = ? AND type = ?", [urn, type]);
  }

  /** Records that wait to be removed: see ResourceManager. */
  leftovers(): ResourceRecord[] {
    return this.read("WHERE urn LIKE ?", [`${LEFTOVER}%`]);
  }

  fact(name: string): string | undefined {
    const row = this.database.sql.prepare("SELECT value FROM host_facts WHERE name = ?").get(name);
    return row?.value as string | undefined;
  }

  setFact(name: string, value: string): void {
    this.write("INSERT OR REPLACE INTO host_facts (name, value) VALUES (?, ?)", [name, value]);
  }

  removeFact(name: string): void {
    this.write("DELETE FROM host_facts WHERE name = ?", [name]);
  }

  private read(where: string, values: SQLInputValue[]): ResourceRecord[] {
    const sql = `SELECT type, id, urn, inputs, outputs FROM resources ${where} ORDER BY seq`;
    return (this.database.sql.prepare(sql).all(...values) as unknown as Row[]).map(record);
  }

  private write(sql: string, values: SQLInputValue[]): void {
    this.database.transaction(() => this.database.sql.prepare(sql).run(...values));
  }
}
