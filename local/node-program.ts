import { existsSync } from "node:fs";
import { join } from "node:path";

/** Node's arguments to run the module `name` of `folder` as a program: built, or through tools/register.js in a checkout. */
export function nodeProgram(folder: string, name: string): string[] {
  const built = join(folder, `${name}.js`);
  if (existsSync(built)) return [built];
  return ["--require", join(__dirname, "..", "tools", "register.js"), join(folder, `${name}.ts`)];
}
