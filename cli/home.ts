import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { cliError } from "./errors";

/** Not `recursive`: where a parent cannot be made, as under /proc, Node 24 tries for ever. */
function make(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) make(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Makes NAMI_HOME where it is missing. Throws HOME_READ_ONLY before anything is begun. */
export function openHome(home: string): void {
  try {
    make(home);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cliError("HOME_READ_ONLY", { home, reason: (error as Error).message }, error);
  }
}
