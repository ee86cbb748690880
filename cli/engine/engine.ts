import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { renameDurably, syncTree } from "../../local/durable";
import { onPath as findProgram } from "../../local/mongo/find";
import { paths } from "../../local/paths";
import { cliError } from "../errors";
import { type Io, note } from "../io";
import { buildEngine, OLDEST_GO } from "./build";
import { downloadEngine } from "./download";
import { withEngineLock } from "./install-lock";
import { askVersion, ENGINE_VERSION, isUsable, versionOf } from "./version";

/** A Pulumi engine that works. */
export interface Engine {
  /** `root/bin/pulumi` is the binary: what `PulumiCommand.get({ root })` wants. */
  root: string;
  binary: string;
  version: string;
  source: "NAMI_ENGINE" | "PATH" | "tools" | "download" | "build";
}

/** Why a way did not lead to an engine; the ways not gone yet are absent. */
export type Misses = Partial<Record<"path" | "tools" | "download" | "build", string>>;

interface Context {
  home: string;
  io: Io;
}

/** The ways to make an engine, in the order they are tried. Tests put their own in. */
export interface Makers {
  download(root: string, io: Io): Promise<void>;
  build(root: string, io: Io): Promise<void>;
}

const makers: Makers = { download: downloadEngine, build: buildEngine };

function ownRoot(home: string): string {
  return join(paths.tools(home), `pulumi-${ENGINE_VERSION}`);
}

/** The Automation API wants `<root>/bin/pulumi`; an engine that lies elsewhere gets a link of that form. */
function rootOf(binary: string, home: string): string {
  const dir = dirname(binary);
  if (basename(dir) === "bin" && basename(binary) === "pulumi") return dirname(dir);
  const root = join(paths.tools(home), "engine-link");
  mkdirSync(join(root, "bin"), { recursive: true });
  rmSync(join(root, "bin", "pulumi"), { force: true });
  symlinkSync(binary, join(root, "bin", "pulumi"));
  return root;
}

async function given(path: string, home: string): Promise<Engine> {
  const file = resolve(path);
  const binary = existsSync(file) && statSync(file).isDirectory() ? join(file, "bin", "pulumi") : file;
  const version = await versionOf(binary, home).catch((error: Error) => {
    throw cliError("ENGINE_UNUSABLE", { path, reason: error.message }, error);
  });
  if (!isUsable(version)) throw cliError("ENGINE_TOO_OLD", { path, have: version, version: ENGINE_VERSION });
  return { root: rootOf(binary, home), binary, version, source: "NAMI_ENGINE" };
}

async function onPath({ home, io }: Context, misses: Misses): Promise<Engine | undefined> {
  const binary = findProgram("pulumi", io.env);
  misses.path = "there is none";
  if (!binary) return undefined;
  try {
    const version = await versionOf(binary, home);
    if (isUsable(version)) return { root: rootOf(binary, home), binary, version, source: "PATH" };
    misses.path = `${binary} is ${version}, Nami needs 3.x from ${ENGINE_VERSION} on`;
  } catch (error) {
    misses.path = `${binary} cannot be run: ${(error as Error).message}`;
  }
  return undefined;
}

async function inTools(home: string, misses: Misses): Promise<Engine | undefined> {
  const root = ownRoot(home);
  const binary = join(root, "bin", "pulumi");
  misses.tools = `${root} is not there`;
  if (!existsSync(binary)) return undefined;
  try {
    return { root, binary, version: await versionOf(binary, home), source: "tools" };
  } catch (error) {
    misses.tools = `${binary} cannot be run: ${(error as Error).message}`;
    return undefined;
  }
}

/**
 * The engine that is here already, and why the places looked at before it did not do. Installs nothing.
 * Throws ENGINE_TOO_OLD or ENGINE_UNUSABLE when NAMI_ENGINE names one that will not do.
 */
export async function findEngine(context: Context): Promise<{ engine?: Engine; misses: Misses }> {
  const misses: Misses = {};
  const { NAMI_ENGINE } = context.io.env;
  if (NAMI_ENGINE) return { engine: await given(NAMI_ENGINE, context.home), misses };
  const engine = (await onPath(context, misses)) ?? (await inTools(context.home, misses));
  return { engine, misses };
}

async function make({ home, io }: Context, misses: Misses, ways: Makers, scratch: string): Promise<Engine> {
  const found = await inTools(home, misses);
  if (found) return found;
  for (const source of ["download", "build"] as const) {
    const made = join(scratch, source);
    try {
      await ways[source](made, io);
      const version = await askVersion(join(made, "bin", "pulumi"));
      if (!isUsable(version)) throw new Error(`it gave ${version}`);
      const root = ownRoot(home);
      rmSync(root, { recursive: true, force: true });
      syncTree(made);
      renameDurably(made, root);
      return { root, binary: join(root, "bin", "pulumi"), version, source };
    } catch (error) {
      io.signal.throwIfAborted();
      misses[source] = (error as Error).message;
    }
  }
  throw cliError("ENGINE_NOT_FOUND", { ...misses, version: ENGINE_VERSION, go: OLDEST_GO });
}

/**
 * The engine to use: NAMI_ENGINE, else the first that works of `pulumi` on PATH, NAMI_HOME/tools, the official
 * download, a build from source. What takes long is told on `io.err`, done once per home, and by one process
 * at a time. Throws ENGINE_NOT_FOUND, ENGINE_TOO_OLD, ENGINE_UNUSABLE, or the signal's reason when it was cancelled.
 */
export async function ensureEngine(context: Context, ways: Makers = makers): Promise<Engine> {
  const { engine, misses } = await findEngine(context);
  if (misses.path && misses.path !== "there is none") note(context.io, `passed over: ${misses.path}`);
  if (engine) return engine;
  return withEngineLock(context.home, context.io, (scratch) => make(context, misses, ways, scratch));
}
