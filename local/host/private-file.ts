import { renameSync, writeFileSync } from "node:fs";

/** Writes a file of mode 0600 at once: a reader sees the old text or the new one. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
}
