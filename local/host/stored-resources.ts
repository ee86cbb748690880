import { existsSync } from "node:fs";
import { paths } from "../paths";
import type { ResourceRecord } from "../protocol";

/**
 * The resources of a type that a host which does not run has kept, in order of creation; undefined where no host ever
 * ran. Nothing is written: the file may be another version's.
 */
export async function storedResources(home: string, type: string): Promise<ResourceRecord[] | undefined> {
  const file = paths.hostDatabase(home);
  if (!existsSync(file)) return undefined;
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const sql = "SELECT id, urn, type, inputs, outputs FROM resources WHERE type = ? ORDER BY seq";
    const rows = database.prepare(sql).all(type) as unknown as Record<keyof ResourceRecord, string>[];
    return rows.map((row) => ({ ...row, inputs: JSON.parse(row.inputs), outputs: JSON.parse(row.outputs) }));
  } finally {
    database.close();
  }
}
