import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncTree, writeDurably } from "../../../local/durable";

/** What others take away meanwhile, as an engine does its lock, is `missing`. */
function unlessGone<T>(work: () => T, missing: T): T {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return missing;
    throw error;
  }
}

/** What a power cut makes of a file that was not on the disk yet: nothing, or zeros. */
function startsWithNothing(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const first = Buffer.alloc(1);
    return readSync(descriptor, first, 0, 1, 0) === 0 || first[0] === 0;
  } finally {
    closeSync(descriptor);
  }
}

const isEmpty = (file: string) => unlessGone(() => startsWithNothing(file), false);

function filesIn(folder: string): string[] {
  const entries = unlessGone(() => readdirSync(folder, { recursive: true, withFileTypes: true }), []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * Takes away what a power cut has left empty in a state of this machine's own: the engine brings nothing to the disk. A
 * stack becomes what it was before its last change, where the engine has kept that, else it is none: `up` finds what was
 * made and takes it over.
 */
export function mendState(folder: string): void {
  const state = join(folder, ".pulumi");
  const meta = join(state, "meta.yaml");
  // An engine that is at work writes beside these, under a name of another kind, and renames.
  const written = ["stacks", "locks"]
    .flatMap((each) => filesIn(join(state, each)))
    .filter((file) => /\.json(\.gz|\.zst)?$/.test(file));
  const empty = [meta, ...written].filter(isEmpty);
  for (const file of empty) {
    const before = `${file}.bak`;
    if (existsSync(before) && !isEmpty(before)) writeDurably(file, readFileSync(before));
    else rmSync(file, { force: true });
  }
}

/** Before its first look a process takes what was written since it began, and a little more. Milliseconds. */
const MARGIN = 5_000;
const syncedAt = new Map<string, number>();

/** Brings what was written to a state of this machine's own since the last call to the disk. */
export function syncState(folder: string): void {
  if (!existsSync(folder)) return;
  const now = Date.now();
  const began = now - process.uptime() * 1000;
  syncTree(folder, (syncedAt.get(folder) ?? began) - MARGIN);
  syncedAt.set(folder, now);
}
