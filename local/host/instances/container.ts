import { existsSync, readFileSync, realpathSync } from "node:fs";
import type { FirstUser } from "../../mongo/first-user";

/** What `docker run` was told, kept as a file of the machine. */
export interface Container {
  id: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  /** Port on the machine by port inside. */
  ports: Record<string, number>;
  /** Source on the machine by target inside. */
  mounts: Record<string, string>;
  environment: Record<string, string>;
  /** Megabytes; noted, for a process of this machine has no limit. */
  memoryMb?: number;
  /** Seconds between SIGTERM and SIGKILL. */
  stopTimeout: number;
  args: string[];
  /** Where its files were at its last start: the command line of its process says so too. */
  dataDir?: string;
}

/** A container as the Mongo process that it becomes. */
export interface MongoContainer {
  port: number;
  /** The folder behind /data/db, links resolved: on the volume itself. */
  dataDir: string;
  firstUser(): FirstUser;
}

const DATA = "/data/db";
const MONGO_PORT = "27017";

/** @throws Error that says what a Mongo container lacks, or which source of a mount is missing. */
export function mongoOf(container: Container): MongoContainer {
  const { ports, mounts } = container;
  const port = ports[MONGO_PORT];
  const data = mounts[DATA];
  if (!port) throw new Error(`the container publishes no port for ${MONGO_PORT}`);
  if (!data) throw new Error(`the container mounts nothing at ${DATA}`);
  for (const source of Object.values(mounts)) {
    if (!existsSync(source))
      throw new Error(`invalid mount config: bind source path does not exist: ${source}`);
  }
  return { port, dataDir: realpathSync(data), firstUser: () => firstUser(container) };
}

/** The variables of the official image. Without them it would run open to everybody, which no machine here does. */
function firstUser({ environment, mounts }: Container): FirstUser {
  const user = environment.MONGO_INITDB_ROOT_USERNAME;
  const passwordFile = mounts[environment.MONGO_INITDB_ROOT_PASSWORD_FILE ?? ""];
  if (!user || !passwordFile) {
    throw new Error("the container has no MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD_FILE");
  }
  return { user, password: readFileSync(passwordFile, "utf8").trim() };
}
