import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of Nami's own package.json, the same from cli/ and from dist/cli/. */
export function packageRoot(): string {
  let dir = __dirname;
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return dir;
}
