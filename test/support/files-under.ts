import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Paths of everything below `dir` except folders. A link is listed and not followed: `readdirSync` with `recursive`
 * and `withFileTypes` would follow it.
 */
export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}
