import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { localError } from "../errors";

/**
 * One host a NAMI_HOME. The lock is SQLite's exclusive lock on a file of its own: the system lets go of it when the
 * process dies, however it dies, so there is no stale lock and no pid to be mistaken for another process.
 * @throws localError HOST_ALREADY_RUNNING
 */
export function lockHost(dir: string, home: string): { release(): void } {
  const lock = new DatabaseSync(join(dir, "lock.db"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw localError("HOST_ALREADY_RUNNING", { home }, error);
  }
  return { release: () => lock.close() };
}
