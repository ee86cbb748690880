import { chmodSync, closeSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { localError } from "../errors";
import { addInHand } from "./queue/schema";

/** Changes the tables of one version into those of the next. */
export type Migration = (sql: DatabaseSync) => void;

/** From version 1 to 2, from 2 to 3 and so on. */
const MIGRATIONS: readonly Migration[] = [addInHand];

/** Version of the tables; rises with every change an older host could not read. */
export const SCHEMA = 1 + MIGRATIONS.length;

/** Above this size a whole check would keep the host from starting; damage then shows at the first read. */
const CHECKED_BYTES = 64 * 1024 * 1024;

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** The one SQLite file of the host. Every part keeps its tables in it, so a change over two parts is one transaction. */
export class Database {
  private depth = 0;

  constructor(readonly sql: DatabaseSync) {}

  /**
   * Runs `fn` in a transaction; it is on disk when this returns. A transaction inside another joins it.
   * What `fn` throws is thrown on, after the rollback.
   */
  transaction<T>(fn: () => T): T {
    if (this.depth > 0) return fn();
    this.sql.exec("BEGIN IMMEDIATE");
    this.depth++;
    try {
      const value = fn();
      this.sql.exec("COMMIT");
      return value;
    } catch (error) {
      this.rollback();
      throw error;
    } finally {
      this.depth--;
    }
  }

  /**
   * As `transaction`, but without waiting for the disk: it outlives the process, and a power failure may undo it.
   * Nothing that was committed by `transaction` depends on it.
   */
  relaxedTransaction<T>(fn: () => T): T {
    if (this.depth > 0) return fn();
    this.sql.exec("PRAGMA synchronous = NORMAL");
    try {
      return this.transaction(fn);
    } finally {
      this.sql.exec("PRAGMA synchronous = FULL");
    }
  }

  close(): void {
    if (this.sql.isOpen) this.sql.close();
  }

  /** SQLite has already rolled back by itself after a full disk or an I/O error. */
  private rollback(): void {
    try {
      this.sql.exec("ROLLBACK");
    } catch {
      // no transaction is open any more
    }
  }
}

/**
 * Opens NAMI_HOME/host/host.db (mode 0600), makes it when it is missing, changes the tables of an older version into
 * those of this one, and makes those that are missing (`CREATE … IF NOT EXISTS`). It never deletes or changes a file
 * that it cannot read. Throws localError HOST_DATABASE_CORRUPT, HOST_DATABASE_UNAVAILABLE, HOST_NEWER.
 */
export function openDatabase(
  file: string,
  schemas: string[],
  migrations: readonly Migration[] = MIGRATIONS,
): Database {
  let sql: DatabaseSync | undefined;
  try {
    const bytes = makeFile(file);
    sql = new DatabaseSync(file);
    configure(sql);
    const schema = 1 + migrations.length;
    const version = checkedVersion(sql, file, schema);
    if (bytes <= CHECKED_BYTES) check(sql);
    const database = new Database(sql);
    // One transaction: a host that is killed on its way leaves the tables as they were.
    database.transaction(() => {
      // A new file has no version, and gets its tables as they are now.
      if (version > 0) for (const migrate of migrations.slice(version - 1)) migrate(database.sql);
      for (const tables of schemas) database.sql.exec(tables);
      database.sql.exec(`PRAGMA user_version = ${schema}`);
    });
    return database;
  } catch (error) {
    if (sql?.isOpen) sql.close();
    throw translate(error, file);
  }
}

/** Makes the file private before SQLite opens it: its journal files inherit the mode. Answers its size in bytes. */
function makeFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const descriptor = openSync(file, "a", 0o600);
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
    chmodSync(file, 0o600);
  }
}

function configure(sql: DatabaseSync): void {
  sql.exec("PRAGMA busy_timeout = 5000");
  sql.exec("PRAGMA journal_mode = WAL");
  sql.exec("PRAGMA synchronous = FULL");
  sql.exec("PRAGMA cache_size = -16384");
  sql.exec("PRAGMA wal_autocheckpoint = 4000");
  sql.exec("PRAGMA journal_size_limit = 67108864");
}

/** The version of the tables in the file; 0 for a new one. */
function checkedVersion(sql: DatabaseSync, file: string, schema: number): number {
  const { user_version: version } = sql.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > schema) throw localError("HOST_NEWER", { file, version, schema });
  return version;
}

class Damage extends Error {
  readonly errcode = SQLITE_CORRUPT;
}

function check(sql: DatabaseSync): void {
  const row = sql.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
  if (row.quick_check !== "ok") throw new Damage(row.quick_check);
}

function translate(error: unknown, file: string): unknown {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
  const primary = (errcode ?? 0) & 0xff;
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) {
    return localError("HOST_DATABASE_CORRUPT", { file, folder: dirname(file), reason: message }, error);
  }
  const unavailable =
    errcode !== undefined || ["EACCES", "EROFS", "EISDIR", "ENOSPC", "EPERM"].includes(code ?? "");
  if (!unavailable) return error;
  return localError("HOST_DATABASE_UNAVAILABLE", { file, folder: dirname(file), reason: message }, error);
}
