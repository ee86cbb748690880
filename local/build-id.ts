import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

let known: string | undefined;

/**
 * Names the code of this host and of its parts, as it lies on the disk at the first call: 16 hex digits. Two commits with
 * one package version have different ones, two checkouts of one commit the same.
 */
export function buildId(): string {
  known ??= hashOf(__dirname);
  return known;
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort())
    hash
      .update(`${relative(folder, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}
