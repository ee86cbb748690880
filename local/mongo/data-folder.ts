import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeDurably } from "../durable";
import type { DataFormat, MongoEngine } from "./engine";

/** What stands beside a data folder once its first user exists. It lies on the volume, so it comes back with it. */
export interface DataMark {
  format: DataFormat;
  /** Name of the server that made it. */
  madeBy: string;
}

const markFile = (dataDir: string) => `${dataDir}.json`;

/** The mark of a data folder; undefined when its first user was never finished. */
export function readMark(dataDir: string): DataMark | undefined {
  try {
    return JSON.parse(readFileSync(markFile(dataDir), "utf8")) as DataMark;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written after the user is on disk and before the server opens its public port: from here on the data counts. */
export function writeMark(dataDir: string, engine: MongoEngine): void {
  const mark: DataMark = { format: engine.format, madeBy: engine.name };
  writeDurably(markFile(dataDir), `${JSON.stringify(mark)}\n`);
}

/**
 * What a start that was killed before its first user leaves may be a torso that no server opens. It holds no event, so
 * it is put beside (in place of an earlier one), never built upon.
 */
export function setUnfinishedAside(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return;
  const aside = `${dataDir}.unfinished`;
  rmSync(aside, { recursive: true, force: true });
  renameSync(dataDir, aside);
}

/** Makes the folder, readable by its owner alone. */
export function makeDataDir(dataDir: string): void {
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
}
