import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes that a power cut leaves whole or not done: first the bytes are on disk, then the name that leads to them, and
 * only then does the call return. Without that a file system may keep the name of a new file and lose what is in it.
 */

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

/** Brings a file, or the names in a folder, to the disk. Some network file systems cannot do so for a folder. */
export function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!/^(EINVAL|ENOTSUP)$/.test(codeOf(error))) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Brings a folder with all files and folders in it to the disk, but for what others take away meanwhile. Links are
 * names; what they lead to is left alone. `since`: only what was changed from then on, in milliseconds since 1970; to ask
 * for thousands of files that are on the disk already takes seconds.
 */
export function syncTree(folder: string, since = Number.NEGATIVE_INFINITY): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) syncTree(path, since);
      else if (entry.isFile() && statSync(path).mtimeMs >= since) sync(path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
  if (statSync(folder).mtimeMs >= since) sync(folder);
}

/** Renames what is on disk already. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  sync(dirname(to));
}

/** Writes a file in one step: a reader sees what was in it or what is new, also after a power cut. It is its owner's alone. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  renameDurably(writeDraft(file, content), file);
}

/**
 * Makes a file in one step. Answers false when it is there already: of two who make it at once, one does. It is its
 * owner's alone.
 */
export function createDurably(file: string, content: string): boolean {
  if (existsSync(file)) return false;
  const draft = writeDraft(file, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
    sync(dirname(file));
  }
}

function writeDraft(file: string, content: string | Uint8Array): string {
  const draft = `${file}.${randomUUID()}.draft`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  return draft;
}
