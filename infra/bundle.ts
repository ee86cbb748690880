import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { keepBuild } from "./build-folder";
import { infraError } from "./errors";
import { loadProblem, sourceProblem } from "./handler-check";
import { optionalModules } from "./optional-modules";
import { packageRoot } from "./package-root";

export type HandlerKind = "pre-queue" | "post-queue" | "operator" | "watchdog";

export interface BundleRequest {
  kind: HandlerKind;
  /** Name of the deployment. */
  name: string;
  /** The user's code, absolute or relative to `cwd`. */
  userFile?: string;
  /** Where `.nami/build` lies. */
  cwd: string;
}

export interface Bundle {
  /** `.nami/build/<name>/<hash>/<kind>.js`, relative to `cwd`, with slashes: also its key in the zip. */
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/**
 * One Lambda's code as one file without dependencies. The same input gives the same bytes whoever runs it and where,
 * so that a deployment without a change is none. User code is loaded once here, before anything is deployed.
 * Throws HANDLER_MISSING, HANDLER_INVALID, HANDLER_NO_DEFAULT, HANDLER_THROWS.
 */
export async function bundleHandler({ kind, name, userFile, cwd }: BundleRequest): Promise<Bundle> {
  const file = userFile === undefined ? undefined : resolve(cwd, userFile);
  if (file && !statSync(file, { throwIfNoEntry: false })?.isFile())
    throw infraError("HANDLER_MISSING", { name, path: userFile!, option: kind });
  const code = await compile(kind, file).catch((error) => {
    throw file ? sourceProblem(error, file, cwd) : error;
  });
  const sha256 = createHash("sha256").update(code).digest("hex");
  const folder = posix.join(".nami", "build", name);
  const path = posix.join(folder, sha256.slice(0, 16), `${kind}.js`);
  await keepBuild(join(cwd, folder), join(cwd, path), code, async (candidate) => {
    const problem = file && (await loadProblem(candidate, userFile!));
    if (problem) throw problem;
  });
  return { path, bytes: code.length, sha256 };
}

async function compile(kind: HandlerKind, userFile: string | undefined): Promise<Buffer> {
  const { outputFiles } = await build(buildOptions(kind, userFile));
  return Buffer.from(outputFiles![0]!.contents);
}

function buildOptions(kind: HandlerKind, userFile: string | undefined): BuildOptions {
  const root = packageRoot();
  // Always the sources, also when this file runs from dist/: one input, one output.
  const runtime = (file: string) => join(root, "runtime", file);
  const alias =
    kind === "operator" || kind === "watchdog"
      ? {}
      : { [`nami:${kind}`]: userFile ?? runtime(`default-${kind}.ts`) };
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
    sourcemap: false,
    charset: "utf8",
    logLevel: "silent",
    alias,
    plugins: [optionalModules],
  };
}
