import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { namiHome } from "../local/paths";
import { cliError } from "./errors";
import { type Io, note } from "./io";

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

/** Whether others than its owner may look into a folder, or more. */
export function isOpenToOthers(folder: string): boolean {
  return (statSync(folder).mode & 0o077) !== 0;
}

/** State, builds and the host's own files lie in it: of a folder that somebody has made before, nobody else may read them. */
function closeToOthers(home: string, io: Io): void {
  if (!isOpenToOthers(home)) return;
  const mode = (statSync(home).mode & 0o777).toString(8).padStart(4, "0");
  try {
    chmodSync(home, 0o700);
    note(io, `${home} was open to others (mode ${mode}): it is its owner's alone now (0700).`);
  } catch (error) {
    note(io, `${home} is open to others (mode ${mode}) and cannot be closed: ${(error as Error).message}`);
  }
}

/**
 * NAMI_HOME, made when it is not there, and closed to others when it is open. Throws HOME_READ_ONLY when it cannot be made
 * or written.
 */
export function writableHome(io: Io): string {
  const home = namiHome(io.env);
  try {
    makeFolder(home);
    accessSync(home, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cliError("HOME_READ_ONLY", { home, reason: (error as Error).message }, error);
  }
  closeToOthers(home, io);
  return home;
}
