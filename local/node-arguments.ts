import { existsSync } from "node:fs";
import { join } from "node:path";

/** Node's arguments to run the module `name` of `folder` as a program: built, or through ts-node in a checkout. */
export function nodeArguments(folder: string, name: string): string[] {
  const built = join(folder, `${name}.js`);
  if (existsSync(built)) return [built];
  return ["--require", require.resolve("ts-node/register/transpile-only"), join(folder, `${name}.ts`)];
}
