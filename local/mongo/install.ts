import { mkdirSync } from "node:fs";
import { lock } from "proper-lockfile";
import { localError } from "../errors";
import { paths } from "../paths";
import type { MongoEngine, MongoWay } from "./engine";
import { allowedWays, listTried, lookForEngine, type Search, type Tried } from "./find";
import { downloadMongod } from "./install-mongod";
import { installSecantusdb } from "./install-secantusdb";
import type { Progress } from "./progress";

const installers: Partial<
  Record<MongoWay, (search: Search, progress: Progress) => Promise<MongoEngine | Tried>>
> = {
  download: downloadMongod,
  secantusdb: installSecantusdb,
};

/**
 * The Mongo server of this NAMI_HOME: the one that is there, else a real mongod by download, else SecantusDB.
 * Done once; of two that start together one installs and the other waits. Throws MONGO_NOT_FOUND with every way
 * tried and why it failed, MONGO_WAY_UNKNOWN.
 */
export async function installMongoEngine(search: Search, progress: Progress): Promise<MongoEngine> {
  const before = await lookForEngine(search);
  if (before.engine) return before.engine;
  const release = await holdLock(search.home, progress);
  try {
    const { engine, tried } = await lookForEngine(search);
    return engine ?? (await tryEach(search, progress, tried));
  } finally {
    await release();
  }
}

async function tryEach(search: Search, progress: Progress, looked: Tried[]): Promise<MongoEngine> {
  const tried = looked.filter(({ way }) => !way.endsWith("NAMI_HOME"));
  for (const way of allowedWays(search)) {
    const made = await installers[way]?.(search, progress);
    if (made && !("why" in made)) return made;
    if (made) {
      tried.push(made);
      progress.step(`${made.way}: ${made.why}`);
    }
  }
  throw localError("MONGO_NOT_FOUND", { tried: listTried(tried) });
}

/** The lock of an installer that was killed is free after 15 s; a live one renews it. */
async function holdLock(home: string, progress: Progress): Promise<() => Promise<void>> {
  const folder = paths.tools(home);
  mkdirSync(folder, { recursive: true });
  const options = { lockfilePath: `${folder}/mongo.lock`, stale: 15_000, update: 5_000, realpath: false };
  try {
    return await lock(folder, options);
  } catch (error) {
    if ((error as { code?: string }).code !== "ELOCKED") throw error;
  }
  progress.step("Another nami is installing the Mongo server; waiting for it");
  return lock(folder, {
    ...options,
    retries: { retries: 600, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
  });
}
