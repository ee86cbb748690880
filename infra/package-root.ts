import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE = "@nami-webhooks/nami";

/** The folder of Nami's own package.json: the checkout or the installed package, whether this runs from dist/ or not. */
export function packageRoot(start: string = __dirname): string {
  for (let dir = start; ; dir = dirname(dir)) {
    const file = join(dir, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === PACKAGE)
      return dir;
    if (dir === dirname(dir)) throw new Error(`There is no package.json of ${PACKAGE} above ${start}.`);
  }
}
