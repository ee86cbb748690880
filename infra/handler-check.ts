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

/** Whose code it is, for the command that deploys it once it is corrected. */
export interface Whose {
  /** Of the pipeline. */
  name: string;
  kind: string;
}

/** What a build failed at, in the words of a person who wrote `file`. Anything but a build failure comes back as it is. */
export function sourceProblem(error: unknown, file: string, whose: Whose & { cwd: string }): unknown {
  const { name, kind: option, cwd } = whose;
  const first = (error as Partial<BuildFailure>).errors?.[0];
  if (!first) return error;
  const path = shown(file, cwd);
  if (first.text.startsWith("No matching export") && first.text.endsWith('for import "default"')) {
    return infraError("HANDLER_NO_DEFAULT", { name, option, path }, error);
  }
  const facts = { name, option, path, problem: first.text, place: placeOf(first, cwd) };
  return infraError("HANDLER_INVALID", facts, error);
}

/** On lines of their own: `file:line:column`, and the line with a mark below it. "" when it is not known. */
function placeOf({ location }: Message, cwd: string): string {
  if (!location) return "";
  const file = shown(resolve(packageRoot(), location.file), cwd);
  const mark = " ".repeat(location.column) + "^".repeat(Math.max(1, location.length));
  return `\n  ${file}:${location.line}:${location.column + 1}\n    ${location.lineText}\n    ${mark}`;
}

const NO_DEFAULT = 3;
const THREW = 4;
const NO_VERIFY = 5;
/** Milliseconds; Lambda gives an initialisation 10 s. */
const PATIENCE = 10_000;

/** What is thrown is told with the first line of the user's own on the stack: the bundle's source map names it. */
const SCRIPT = `
const [, bundle, needs] = process.argv;
try {
  const { userCode, userVerify } = require(bundle);
  if (typeof userCode !== "function") process.exit(${NO_DEFAULT});
  process.exit(needs && typeof userVerify !== "function" ? ${NO_VERIFY} : 0);
} catch (error) {
  const folder = require("node:path").dirname(bundle) + "/";
  const lines = String(error?.stack).split("\\n").slice(1);
  const own = lines.find((line) => line.includes(folder) && !line.includes(bundle));
  const at = own && own.slice(own.indexOf(folder) + folder.length).replace(/\\)$/, "");
  require("node:fs").writeSync(2, String(error) + (at ? " (" + at + ")" : ""));
  process.exit(${THREW});
}`;

/** Loads a bundle as Lambda will, in a process of its own: user code may do anything when it is loaded. */
export function loadProblem(
  bundle: string,
  path: string,
  { name, kind: option, needsVerify = false }: Whose & { needsVerify?: boolean },
): Promise<CodedError | undefined> {
  const facts = { name, option, path };
  return new Promise((resolvePromise) => {
    const options = { timeout: PATIENCE, env: { PATH: process.env.PATH } };
    const words = ["--enable-source-maps", "-e", SCRIPT, bundle, ...(needsVerify ? ["verify"] : [])];
    execFile(process.execPath, words, options, (error, _stdout, stderr) => {
      if (!error) resolvePromise(undefined);
      else if (error.code === NO_DEFAULT) resolvePromise(infraError("HANDLER_NO_DEFAULT", facts));
      else if (error.code === NO_VERIFY) resolvePromise(infraError("HANDLER_NO_VERIFY", facts));
      else {
        const problem = error.killed
          ? `it did not load within ${PATIENCE / 1000} s`
          : stderr.trim() || error.message;
        resolvePromise(infraError("HANDLER_THROWS", { ...facts, problem }));
      }
    });
  });
}
