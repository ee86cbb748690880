import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { namiHome } from "../local/paths";
import { cliError } from "./errors";
import type { Io } from "./io";

/** Step by step: Node's own `recursive` never comes back from a file system that refuses with ENOENT, as /proc does. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  makeFolder(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** NAMI_HOME, made when it is not there. Throws HOME_READ_ONLY when it cannot be made or written. */
export function writableHome(io: Io): string {
  const home = namiHome(io.env);
  try {
    makeFolder(home);
    accessSync(home, constants.W_OK | constants.X_OK);
    return home;
  } catch (error) {
    throw cliError("HOME_READ_ONLY", { home, reason: (error as Error).message }, error);
  }
}
