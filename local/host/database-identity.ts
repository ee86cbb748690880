import { randomUUID } from "node:crypto";
import type { HostSettings } from "../protocol";
import type { ResourceTable } from "./resource-table";

/** What the host knows of the database it found. */
export interface DatabaseIdentity {
  id: string;
  /** When it took the place of one that was lost. */
  lostAt?: string;
}

/**
 * The database carries an id, the settings beside it the same one. Where they differ, the one that belonged here is
 * gone: the stacks still name what was in it. That is remembered in the new one, to be told until it is gone too.
 */
export function identify(table: ResourceTable, settings: HostSettings, now: number): DatabaseIdentity {
  const known = table.fact("id");
  const id = known ?? randomUUID();
  if (!known) table.setFact("id", id);
  if (settings.databaseId !== undefined && settings.databaseId !== id) {
    table.setFact("lostAt", new Date(now).toISOString());
  }
  const lostAt = table.fact("lostAt");
  return lostAt ? { id, lostAt } : { id };
}
