import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { buildIsFresh } from "../../tools/build-state";

const root = join(__dirname, "..", "..");

/** The folder of the build as it is shipped, dist/; built first where it is older than its sources. */
export function built(): string {
  if (!buildIsFresh(root)) {
    execFileSync(process.execPath, [join(root, "tools", "build.js")], { stdio: "ignore" });
  }
  return join(root, "dist");
}
