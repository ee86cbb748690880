import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

function isTorn(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    // One that another engine has just replaced is none of ours.
    return error instanceof SyntaxError;
  }
}

/**
 * Beside every file of a file:// backend the engine keeps one of attributes, which it writes in place, unlike the state
 * itself (gocloud.dev/blob/fileblob, setAttrs). One that was being written when the engine was killed is empty, and the
 * engine refuses the whole stack for it: "failed to load checkpoint: EOF". Without one it goes on.
 */
export function removeTornAttributes(folder: string): void {
  const stacks = join(folder, ".pulumi", "stacks");
  if (!existsSync(stacks)) return;
  const files = readdirSync(stacks, { recursive: true, encoding: "utf8" });
  const attributes = [...files.map((file) => join(stacks, file)), join(folder, ".pulumi", "meta.yaml.attrs")];
  for (const file of attributes) if (file.endsWith(".attrs") && isTorn(file)) rmSync(file, { force: true });
}
