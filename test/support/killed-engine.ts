import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { paths } from "../../local/paths";
import type { Stop } from "../../local/rehearsal";
import { nami, type Result } from "./nami";
import { when } from "./when";

/** Pids of the engines that have a stack of this home locked. */
function engines(home: string): number[] {
  const locks = join(paths.state(home), ".pulumi", "locks");
  if (!existsSync(locks)) return [];
  const files = readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".json"),
  );
  return files.map((file) => (JSON.parse(readFileSync(join(locks, file), "utf8")) as { pid: number }).pid);
}

/** A lock may be of an engine that was killed before. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * `nami up` (its words) whose engine is killed at one of its creates, before or after the host has made the thing: what a power
 * failure does, or the kernel when memory is short.
 */
export function upWithEngineKilled(
  home: string,
  up: readonly string[],
  stop: Omit<Stop, "how">,
  rehearsal: object,
): Promise<Result> {
  const NAMI_REHEARSAL = JSON.stringify({ ...rehearsal, stop: { ...stop, how: "hold" } });
  return nami(home, [...up], {
    env: { NAMI_REHEARSAL },
    onStart: when(/rehearsal: hold/, () => {
      for (const pid of engines(home)) kill(pid);
    }),
  });
}

/** URN and type of everything the host has, one a record, in order of creation. */
export function hosted(home: string): { urn: string; type: string; id: string }[] {
  const database = new DatabaseSync(paths.hostDatabase(home), { readOnly: true });
  try {
    return database.prepare("SELECT urn, type, id FROM resources ORDER BY seq").all() as never;
  } finally {
    database.close();
  }
}

/** What the host has more than once of a name, or has left over from a run that nobody knows any more. */
export function twice(home: string, name: string): string[] {
  const urns = hosted(home).flatMap(({ urn }) => (urn.includes(`:${name}::`) ? urn : []));
  return urns.filter((urn, i) => urns.indexOf(urn) !== i || urn.startsWith("leftover:"));
}
