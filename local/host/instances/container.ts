import { readFileSync, realpathSync } from "node:fs";
import type { FirstUser } from "../../mongo/first-user";

/** A `docker run mongo …` of a script, as the docker stand-in wrote it down. */
export interface MongoContainer {
  /** Port on the machine. */
  port: number;
  /** The folder behind /data/db, links resolved: on the volume itself. */
  dataDir: string;
  firstUser(): FirstUser;
}

const DATA = "/data/db";
const MONGO_PORT = "27017";

/**
 * Reads a container file: `key=value` lines, keys as docker's options. Throws an Error that says what a Mongo
 * container lacks, or with code ENOENT when the folder of its data is not there (the volume is not mounted).
 */
export function readContainer(file: string): MongoContainer {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const mounts = new Map(all("mount").map(mountOf));
  const environment = new Map(all("env").map((entry) => entry.split(/=(.*)/s, 2) as [string, string]));
  const port = all("publish")
    .map((entry) => entry.split(":").slice(-2))
    .find(([, inside]) => inside === MONGO_PORT)?.[0];
  if (!port) throw new Error(`the container publishes no port for ${MONGO_PORT}`);
  const data = mounts.get(DATA);
  if (!data) throw new Error(`the container mounts nothing at ${DATA}`);
  return { port: Number(port), dataDir: realpathSync(data), firstUser: () => firstUser(environment, mounts) };
}

/** `type=bind,source=…,target=…[,readonly]`: the source may contain commas. */
function mountOf(mount: string): [target: string, source: string] {
  const [, source, target] = /^type=bind,source=(.*),target=([^,]*)/.exec(mount) ?? [];
  return [target ?? "", source ?? ""];
}

/** The variables of the official image. Without them it would run open to everybody, which no machine here does. */
function firstUser(environment: Map<string, string>, mounts: Map<string, string>): FirstUser {
  const user = environment.get("MONGO_INITDB_ROOT_USERNAME");
  const passwordFile = mounts.get(environment.get("MONGO_INITDB_ROOT_PASSWORD_FILE") ?? "");
  if (!user || !passwordFile) {
    throw new Error("the container has no MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD_FILE");
  }
  return { user, password: readFileSync(passwordFile, "utf8").trim() };
}
