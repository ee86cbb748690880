import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const PACKAGE = "@nami-webhooks/nami";

/** The nearest package.json that is Nami's: one folder up in a checkout, two from dist/. */
function ownManifest(folder: string): { version: string } {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (manifest.name === PACKAGE) return manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return ownManifest(dirname(folder));
}

/** Nami's version, e.g. "0.1.0". */
export const version: string = ownManifest(__dirname).version;
