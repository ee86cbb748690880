import { existsSync } from "node:fs";
import { join } from "node:path";

/** How Node runs a module of this package as a program of its own. */
export interface NodeProgram {
  args: string[];
  /** In addition to the caller's. */
  env: Record<string, string>;
}

/** The module `name` of `folder`: built, or through ts-node in a checkout. */
export function nodeProgram(folder: string, name: string): NodeProgram {
  const built = join(folder, `${name}.js`);
  if (existsSync(built)) return { args: [built], env: {} };
  return {
    args: ["--require", require.resolve("ts-node/register/transpile-only"), join(folder, `${name}.ts`)],
    // ts-node looks for settings where it is started, which need not be here.
    env: { TS_NODE_PROJECT: join(__dirname, "..", "tsconfig.json") },
  };
}
