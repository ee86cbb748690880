import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./nami";

/** Builds dist/ as it is shipped and answers its folder: what runs through ts-node carries the compiler with it. */
export function built(): string {
  execFileSync(process.execPath, [join(root, "tools", "build.js")], { stdio: "ignore" });
  return join(root, "dist");
}
