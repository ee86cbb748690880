import { execFile } from "node:child_process";
import { mkdirSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { onPath } from "../../mongo/find";

/** The parts of the hidden folder that a sandbox may use. */
export interface Openings {
  /** Only to be read. */
  read: string[];
  write: string[];
}

/** Hides NAMI_HOME and all other processes from a command. */
export interface Wall {
  /** For messages, such as "bubblewrap 0.8.0". */
  name: string;
  /** Answers the command that runs `command` behind the wall. */
  around(command: string[], openings: Openings): string[];
}

/** Why there is no wall. */
export interface NoWall {
  missing: string;
}

/** Milliseconds; a start takes 20. */
const PATIENCE = 5_000;

/**
 * bubblewrap (https://github.com/containers/bubblewrap), where it is on the PATH and works: some systems and most
 * containers forbid what it needs. NAMI_WALL=off does without. Never throws.
 * @param home NAMI_HOME, which is hidden
 */
export async function findWall(home: string, env: NodeJS.ProcessEnv = process.env): Promise<Wall | NoWall> {
  if (env.NAMI_WALL === "off") return { missing: "NAMI_WALL is off" };
  const program = onPath("bwrap", env);
  if (!program) return { missing: "there is no bubblewrap (bwrap) on the PATH" };
  const version = await said([program, "--version"]);
  if (version instanceof Error) return { missing: `bubblewrap does not start: ${version.message}` };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const wall = bubblewrap(program, version, realpathSync(home));
  const tried = await said(wall.around([process.execPath, "--version"], { read: [], write: [] }));
  return tried instanceof Error ? { missing: `bubblewrap does not work here: ${tried.message}` } : wall;
}

/**
 * Only NAMI_HOME is hidden. User code that reads other files keeps working: on AWS it would not, but showing that is not the
 * purpose of a wall.
 */
function bubblewrap(program: string, name: string, home: string): Wall {
  const view = ["--dev-bind", "/", "/", "--proc", "/proc", "--tmpfs", home];
  const kept = ["--unshare-pid", "--unshare-ipc", "--die-with-parent"];
  const bind = (how: string, paths: string[]) => paths.map(real).flatMap((path) => [how, path, path]);
  return {
    name,
    around: (command, { read, write }) => {
      // Node or Nami itself may be installed below NAMI_HOME.
      const own = [process.execPath, __dirname].map(real).filter((path) => path.startsWith(home + sep));
      const open = [...bind("--ro-bind", [...own, ...read]), ...bind("--bind", write)];
      return [program, ...view, ...open, ...kept, "--", ...command];
    },
  };
}

/** A path that does not exist stays as it is: bubblewrap reports it. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function said([command, ...args]: string[]): Promise<string | Error> {
  return new Promise((resolve) => {
    execFile(command!, args, { timeout: PATIENCE }, (error, stdout, stderr) => {
      if (!error) resolve(stdout.trim());
      else resolve(new Error(stderr.trim().split("\n").at(-1) || error.message));
    });
  });
}
