import { join } from "node:path";

/** NAMI_MONGO: which way to a Mongo server; absent, the first that works. */
export type MongoWay = "mongod" | "download" | "secantusdb";

/** How the files of a data folder are laid out; a folder is only ever opened by a server of its own format. */
export type DataFormat = "mongod" | "secantusdb";

export interface MongoPlace {
  port: number;
  /** Absolute. */
  dataDir: string;
  /** False only while the first user is made, on a private port. */
  auth: boolean;
}

/** A Mongo server program on this machine: what to start and how. */
export interface MongoEngine {
  way: MongoWay;
  format: DataFormat;
  /** What people are told, e.g. "mongod 8.0.4" or "SecantusDB 0.7.0b3". */
  name: string;
  command: string;
  /** Between SIGTERM and SIGKILL. */
  stopGraceMs: number;
  args(place: MongoPlace): string[];
}

/** The oldest server that the mongodb driver 7.9 talks to (wire version 9). */
export const OLDEST_MONGOD = "4.4";

/** The release that was measured and tested; it makes no promise about other ones reading its files. */
export const SECANTUSDB_VERSION = "0.7.0b3";

/** A real mongod; `--bind_ip` keeps it on the loopback. */
export function mongodEngine(way: "mongod" | "download", command: string, version: string): MongoEngine {
  return {
    way,
    format: "mongod",
    name: `mongod ${version}`,
    command,
    stopGraceMs: 30_000,
    args: ({ port, dataDir, auth }) => [
      "--dbpath",
      dataDir,
      "--port",
      String(port),
      "--bind_ip",
      "127.0.0.1",
      "--wiredTigerCacheSizeGB",
      "0.25",
      "--nounixsocket",
      // Without it, each check of the server writes two lines of log.
      "--quiet",
      ...(auth ? ["--auth"] : []),
    ],
  };
}

/**
 * SecantusDB in its virtual environment. `--sync-on-commit` makes `j: true` mean what it says; `--standalone`
 * because the Mongo of the AWS target is one too, so retryable writes and transactions behave alike.
 * The interpreter is named explicitly: a shebang line may be longer than the kernel reads.
 */
export function secantusEngine(venv: string): MongoEngine {
  return {
    way: "secantusdb",
    format: "secantusdb",
    name: `SecantusDB ${SECANTUSDB_VERSION}`,
    command: join(venv, "bin", "python3"),
    // Python sleeps through a SIGTERM that comes while it starts to wait (seen in one stop of five right after a
    // start). SIGKILL costs no data: every commit is synced before it is acknowledged.
    stopGraceMs: 1500,
    args: ({ port, dataDir, auth }) => [
      join(venv, "bin", "secantusd-py"),
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--storage-path",
      dataDir,
      "--cache-size",
      "128M",
      "--sync-on-commit",
      "--standalone",
      ...(auth ? ["--auth"] : []),
    ],
  };
}
