import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Builds of one kind that stay: what is deployed and a few to look back at. */
const KEPT = 5;

export interface Build {
  /** Of all builds of a deployment. */
  folder: string;
  /** In a folder that is named by what is in the code. */
  path: string;
  code: Buffer;
  /** Throws what is wrong with the code, which it is given in a file. */
  check(file: string): Promise<void>;
  /** Whether a build that was checked before is checked again. */
  checksAgain: boolean;
}

/**
 * Writes a build, whole or not at all, after it was checked. One that is there already was checked, and is only marked
 * as the newest; one that a power cut has emptied is written again. Older builds of the same kind are removed.
 */
export async function keepBuild({ folder, path, code, check, checksAgain }: Build): Promise<void> {
  if (existsSync(path) && code.equals(await readFile(path))) {
    if (checksAgain) await check(path);
    const now = new Date();
    await utimes(path, now, now);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const candidate = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(candidate, code);
    await check(candidate);
    await rename(candidate, path);
  } finally {
    await rm(candidate, { force: true });
  }
  await prune(folder, basename(path));
}

async function prune(folder: string, file: string): Promise<void> {
  const names = await readdir(folder);
  const builds = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name, file)).catch(() => undefined);
      return { name, file: info?.mtimeMs };
    }),
  );
  const newestFirst = builds.filter((one) => one.file !== undefined).sort((a, b) => b.file! - a.file!);
  for (const { name } of newestFirst.slice(KEPT))
    await rm(join(folder, name), { recursive: true, force: true });
}
