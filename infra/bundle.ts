import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, join, posix, resolve, sep } from "node:path";
import { type BuildOptions, type BuildResult, build } from "esbuild";
import { keepBuild } from "./build-folder";
import { infraError } from "./errors";
import { loadProblem, sourceProblem } from "./handler-check";
import { optionalModules } from "./optional-modules";
import { packageRoot } from "./package-root";
import { userSourceMap } from "./source-map";

export type HandlerKind = "pre-queue" | "post-queue" | "operator" | "watchdog";

export interface BundleRequest {
  kind: HandlerKind;
  /** Name of the deployment. */
  name: string;
  /** The user's code, absolute or relative to `cwd`. */
  userFile?: string;
  /** Of the pre-queue function: how it verifies. Only this one is in the bundle. */
  preset?: string;
  /** Where `.nami/build` lies. */
  cwd: string;
  /** The user's file must export `verify`, too. */
  needsVerify?: boolean;
}

export interface Bundle {
  /** `.nami/build/<name>/<hash>/<kind>.js`, relative to `cwd`, with slashes: also its key in the zip. */
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** The functions that may have the user's code in them. */
export type UserKind = "pre-queue" | "post-queue";

/** The options that say what is in their bundles. */
export interface BundledOptions {
  name: string;
  preQueue?: string;
  postQueue?: string;
  verify?: string;
}

/** What is bundled for such a function; the same for an `up`, its preview and `nami dev`. */
export function userRequest(
  kind: UserKind,
  { name, preQueue, postQueue, verify }: BundledOptions,
): Omit<BundleRequest, "cwd"> {
  if (kind === "post-queue") return { kind, name, userFile: postQueue };
  return { kind, name, userFile: preQueue, preset: verify, needsVerify: verify === "custom" };
}

/**
 * One Lambda's code as one file without dependencies. The same input gives the same bytes whoever runs it and where,
 * so that a deployment without a change is none. User code is loaded once here, before anything is deployed.
 * Throws HANDLER_MISSING, HANDLER_INVALID, HANDLER_NO_DEFAULT, HANDLER_NO_VERIFY, HANDLER_THROWS.
 */
export async function bundleHandler(request: BundleRequest): Promise<Bundle> {
  const { kind, userFile, preset } = request;
  const file = userFile === undefined ? undefined : wholePath(request, userFile);
  const code = await (file ? compile({ kind, userFile: file, preset }) : compileOwn(kind, preset)).catch(
    (error) => {
      throw file ? sourceProblem(error, file, request) : error;
    },
  );
  return keepCode(request, code);
}

/** Where the user's file is. Throws HANDLER_MISSING. */
export function wholePath({ kind, name, cwd }: BundleRequest, userFile: string): string {
  const file = resolve(cwd, userFile);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw infraError("HANDLER_MISSING", { name, path: userFile, option: kind });
}

/** Puts a bundle where the program takes it from, once the user's code in it has been loaded. Throws what that says. */
export async function keepCode(request: BundleRequest, code: Buffer): Promise<Bundle> {
  const { kind, name, userFile, cwd, needsVerify } = request;
  const sha256 = createHash("sha256").update(code).digest("hex");
  const folder = posix.join(".nami", "build", name);
  const path = posix.join(folder, sha256.slice(0, 16), `${kind}.js`);
  const check = async (candidate: string) => {
    const problem = userFile && (await loadProblem(candidate, userFile, request));
    if (problem) throw problem;
  };
  await keepBuild({
    folder: join(cwd, folder),
    path: join(cwd, path),
    code,
    check,
    // What was built before was perhaps not asked for its `verify`.
    checksAgain: needsVerify === true,
  });
  return { path, bytes: code.length, sha256 };
}

type Source = Pick<BundleRequest, "kind" | "userFile" | "preset">;

async function compile(source: Source): Promise<Buffer> {
  return codeOf(await build(buildOptions(source)));
}

/** What has no code of the user's in it, by what is asked for. Nami's own files do not change while it runs. */
const own = new Map<string, Promise<Buffer>>();

function compileOwn(kind: HandlerKind, preset: string | undefined): Promise<Buffer> {
  const key = `${kind} ${preset}`;
  const known = own.get(key);
  if (known) return known;
  const code = compile({ kind, preset });
  own.set(key, code);
  code.catch(() => own.delete(key));
  return code;
}

/** The text of a bundle; with user code, its source map at the end. */
export function codeOf({ outputFiles = [] }: BuildResult): Buffer {
  const code = outputFiles.find(({ path }) => !path.endsWith(".map"))!;
  const map = outputFiles.find(({ path }) => path.endsWith(".map"));
  if (!map) return Buffer.from(code.contents);
  return Buffer.from(code.text + userSourceMap(map.text, dirname(map.path), isUsers));
}

/** Neither Nami's own nor a package's. */
export function isUsers(file: string): boolean {
  return !file.startsWith(join(packageRoot(), "runtime", sep)) && !file.includes(`${sep}node_modules${sep}`);
}

/** What esbuild is asked for. `userFile` is a whole path. */
export function buildOptions({ kind, userFile, preset = "none" }: Source): BuildOptions {
  const root = packageRoot();
  // Always the sources, also when this file runs from dist/: one input, one output.
  const runtime = (file: string) => join(root, "runtime", file);
  const alias: Record<string, string> = {};
  if (kind === "pre-queue") alias["nami:preset"] = runtime(`verify/presets/${preset}.ts`);
  if (kind === "pre-queue" || kind === "post-queue")
    alias[`nami:${kind}`] = userFile ?? runtime(`default-${kind}.ts`);
  return {
    entryPoints: [runtime(`${kind}.ts`)],
    // Paths in the output, if any, are relative to this; the caller's folder must not matter.
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node24",
    minify: true,
    legalComments: "none",
    // Only where there is code of the user's: what is Nami's own says the same bytes with and without.
    ...(userFile ? { sourcemap: "external", sourcesContent: false, outfile: join(root, "bundle.js") } : {}),
    charset: "utf8",
    logLevel: "silent",
    alias,
    plugins: [optionalModules],
  };
}
