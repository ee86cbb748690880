import { closeSync, fsyncSync, openSync, readdirSync, renameSync, writeFileSync } from "node:fs";
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
 * names; what they lead to is left alone.
 */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) syncTree(path);
      else if (entry.isFile()) sync(path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
  sync(folder);
}

/** Renames what is on disk already. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  sync(dirname(to));
}

/** Writes a file in one step: a reader sees what was in it or what is new, also after a power cut. */
export function writeDurably(file: string, content: string | Uint8Array, mode = 0o666): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, content, { mode, flush: true });
  renameDurably(draft, file);
}
