import { execFile } from "node:child_process";
import { isAbsolute, relative, resolve } from "node:path";
import type { BuildFailure, Message } from "esbuild";
import type { CodedError } from "../runtime/coded-error";
import { infraError } from "./errors";
import { packageRoot } from "./package-root";

/** As short as it can be said: the engine's working directory is not the person's, so never by way of "..". */
function shown(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** What a build failed at, in the words of a person who wrote `file`. Anything but a build failure comes back as it is. */
export function sourceProblem(error: unknown, file: string, cwd: string): unknown {
  const first = (error as Partial<BuildFailure>).errors?.[0];
  if (!first) return error;
  const path = shown(file, cwd);
  if (first.text.startsWith("No matching export") && first.text.endsWith('for import "default"')) {
    return infraError("HANDLER_NO_DEFAULT", { path }, error);
  }
  return infraError(
    "HANDLER_INVALID",
    { path, problem: first.text, place: placeOf(first, path, cwd) },
    error,
  );
}

/** `file:line:column` and the line with a mark below it. */
function placeOf({ location }: Message, path: string, cwd: string): string {
  if (!location) return path;
  const file = shown(resolve(packageRoot(), location.file), cwd);
  const mark = " ".repeat(location.column) + "^".repeat(Math.max(1, location.length));
  return `${file}:${location.line}:${location.column + 1}\n    ${location.lineText}\n    ${mark}`;
}

const NO_DEFAULT = 3;
const THREW = 4;
/** Milliseconds; Lambda gives an initialisation 10 s. */
const PATIENCE = 10_000;

const SCRIPT = `
try {
  const { userCode } = require(process.argv[1]);
  process.exit(typeof userCode === "function" ? 0 : ${NO_DEFAULT});
} catch (error) {
  require("node:fs").writeSync(2, String(error));
  process.exit(${THREW});
}`;

/** Loads a bundle as Lambda will, in a process of its own: user code may do anything when it is loaded. */
export function loadProblem(bundle: string, path: string): Promise<CodedError | undefined> {
  return new Promise((resolvePromise) => {
    const options = { timeout: PATIENCE, env: { PATH: process.env.PATH } };
    execFile(process.execPath, ["-e", SCRIPT, bundle], options, (error, _stdout, stderr) => {
      if (!error) resolvePromise(undefined);
      else if (error.code === NO_DEFAULT) resolvePromise(infraError("HANDLER_NO_DEFAULT", { path }));
      else {
        const problem = error.killed
          ? `it did not load within ${PATIENCE / 1000} s`
          : stderr.trim() || error.message;
        resolvePromise(infraError("HANDLER_THROWS", { path, problem }));
      }
    });
  });
}
