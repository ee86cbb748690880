import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { localError } from "../errors";
import { paths } from "../paths";
import {
  type DataFormat,
  type MongoEngine,
  type MongoWay,
  mongodEngine,
  OLDEST_MONGOD,
  SECANTUSDB_VERSION,
  secantusEngine,
} from "./engine";

const run = promisify(execFile);

export interface Search {
  /** NAMI_HOME. */
  home: string;
  env: NodeJS.ProcessEnv;
  /** Only a server that can open data of this format. */
  format?: DataFormat;
}

/** A way that did not work, and why. */
export interface Tried {
  way: string;
  why: string;
}

const WAYS: MongoWay[] = ["mongod", "download", "secantusdb"];

/** Where a finished installation says so: a folder without it is an interrupted one. */
export const doneMark = {
  download: (home: string) => join(paths.tools(home), "mongod", "installed.json"),
  secantusdb: (home: string) => join(paths.tools(home), "secantusdb", "installed.json"),
};

/** The ways that may be used: all, or the one that NAMI_MONGO names. Throws MONGO_WAY_UNKNOWN. */
export function allowedWays({ env, format }: Search): MongoWay[] {
  const forced = env.NAMI_MONGO;
  if (forced && !WAYS.includes(forced as MongoWay)) throw localError("MONGO_WAY_UNKNOWN", { way: forced });
  const wanted = forced ? [forced as MongoWay] : WAYS;
  return wanted.filter((way) => !format || (way === "secantusdb") === (format === "secantusdb"));
}

/**
 * The first Mongo server that is there, without installing anything.
 * Throws MONGO_NOT_FOUND, which lists what was looked at.
 */
export async function findMongoEngine(search: Search): Promise<MongoEngine> {
  const { engine, tried } = await lookForEngine(search);
  if (engine) return engine;
  throw localError("MONGO_NOT_FOUND", { tried: listTried(tried) });
}

/** As findMongoEngine, but answers the reasons instead of throwing them. */
export async function lookForEngine(search: Search): Promise<{ engine?: MongoEngine; tried: Tried[] }> {
  const tried: Tried[] = [];
  for (const way of allowedWays(search)) {
    const found = await look[way](search);
    if (!("why" in found)) return { engine: found, tried };
    tried.push(found);
  }
  if (search.format)
    tried.push({ way: "the data", why: `was made by ${search.format}, no other server can open it` });
  return { tried };
}

export function listTried(tried: Tried[]): string {
  return tried.map(({ way, why }) => `  ${way}: ${why}`).join("\n");
}

const look: Record<MongoWay, (search: Search) => MongoEngine | Tried | Promise<MongoEngine | Tried>> = {
  mongod: async ({ env }) => {
    const command = onPath("mongod", env);
    if (!command) return { way: "mongod on the PATH", why: "there is none" };
    return judge("mongod", command, "mongod on the PATH");
  },
  download: ({ home }) => {
    const mark = readMark<{ path: string; version: string }>(doneMark.download(home));
    if (!mark || !isFile(mark.path)) return { way: "mongod in NAMI_HOME", why: "not downloaded" };
    return mongodEngine("download", mark.path, mark.version);
  },
  secantusdb: ({ home }) => {
    const venv = join(paths.tools(home), "secantusdb");
    const mark = readMark<{ version: string }>(doneMark.secantusdb(home));
    if (mark?.version !== SECANTUSDB_VERSION) return { way: "SecantusDB in NAMI_HOME", why: "not installed" };
    if (!isFile(join(venv, "bin", "python3")))
      return { way: "SecantusDB in NAMI_HOME", why: "its Python is gone" };
    return secantusEngine(venv);
  },
};

/** A mongod, by running it: too old ones and those that lack a library are told apart. */
export async function judge(
  way: "mongod" | "download",
  command: string,
  name: string,
): Promise<MongoEngine | Tried> {
  const output = await run(command, ["--version"], { timeout: 10_000 }).then(
    ({ stdout }) => stdout,
    (error: Error & { stderr?: string }) => error,
  );
  if (typeof output !== "string") {
    const why = (output.stderr || output.message).trim().split("\n").at(-1);
    return { way: name, why: `${command} --version failed: ${why}` };
  }
  const version = /db version v(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (!version) return { way: name, why: `${command} does not tell its version` };
  if (Number.parseFloat(version) < Number.parseFloat(OLDEST_MONGOD)) {
    return { way: name, why: `${command} is ${version}, older than ${OLDEST_MONGOD}` };
  }
  return mongodEngine(way, command, version);
}

/** The absolute path of a command, searched as a shell does. */
export function onPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder && isExecutable(join(folder, command))) return join(folder, command);
  }
  return undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

function readMark<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
