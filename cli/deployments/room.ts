import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeDurably } from "../../local/durable";
import { paths } from "../../local/paths";
import { callEngine, type EngineCall, type EngineResult } from "../engine/call";
import type { Engine } from "../engine/engine";
import type { Io } from "../io";
import type { Lease } from "./lease";
import { passphraseEnv } from "./passphrase";
import { PASSPHRASE, type SecretsProvider } from "./secrets-provider";
import { isShared, ownFolder, ownState, type Project, sameState, stateFolder } from "./state";
import { syncState } from "./store/state-on-disk";

/** What all stack operations of one command share. */
export interface Workbench {
  home: string;
  io: Io;
  /** The lock in the state that allows what is written; absent where the state is not shared, and for a preview. */
  lease?: Lease;
  engine: Engine;
  /** URL of the state backend. */
  state: string;
  /** How its secrets are encrypted; absent for reading alone, which takes neither key nor passphrase. */
  secretsProvider?: SecretsProvider;
  target: string;
  /** Of Nami's own provider; local target only. */
  providerPort?: number;
  /** What the engine itself says, for --verbose. */
  onText?: (text: string) => void;
}

/** Where one stack is worked on. */
export interface Room {
  project: Project;
  stack: string;
}

/**
 * NAMI_HOME/work/<project>/<stack>: `Pulumi.<stack>.yaml` in it is the config of the last deployment. A name has one
 * state; the gateway's name occurs in each, so that one of shared state has a room of its own.
 */
export function roomDir(
  { home, state }: Pick<Workbench, "home" | "state">,
  { project, stack }: Room,
): string {
  const shared = project === "nami-gateway" && !sameState(state, ownState(home));
  const suffix = shared ? `@${createHash("sha256").update(state).digest("hex").slice(0, 8)}` : "";
  return join(paths.work(home), project, stack + suffix);
}

export function settingsFile(dir: string, { stack }: Room): string {
  return join(dir, `Pulumi.${stack}.yaml`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function clearLeftOvers(dir: string): void {
  for (const entry of readdirSync(dir)) {
    const pid = /^run-(\d+)$/.exec(entry)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(join(dir, entry), { recursive: true, force: true });
  }
}

/**
 * A folder for one operation, with a copy of the last deployed config. What the operation does to it stays there
 * until `keepSettings`: a preview or a refused `up` leaves no changed config behind.
 */
export function openRunDir(bench: Workbench, room: Room): string {
  const { home } = bench;
  const dir = roomDir(bench, room);
  const run = join(dir, `run-${process.pid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  clearLeftOvers(dir);
  rmSync(run, { recursive: true, force: true });
  mkdirSync(run, { mode: 0o700 });
  // `main` is where the program's relative asset paths start, for the engine; this process changes to it, too.
  const project = { name: room.project, runtime: "nodejs", main: paths.work(home) };
  writeFileSync(join(run, "Pulumi.yaml"), JSON.stringify(project));
  if (existsSync(settingsFile(dir, room))) cpSync(settingsFile(dir, room), settingsFile(run, room));
  return run;
}

/** The run's config is the deployed one from now on. */
export function keepSettings(bench: Workbench, room: Room, run: string): void {
  const settings = settingsFile(run, room);
  if (existsSync(settings))
    writeDurably(settingsFile(roomDir(bench, room), room), readFileSync(settings, "utf8"));
}

/** Also takes away the room of a stack that never came to be. */
export function closeRunDir(run: string): void {
  rmSync(run, { recursive: true, force: true });
  if (readdirSync(dirname(run)).length === 0) rmSync(dirname(run), { recursive: true, force: true });
}

/** Forgets a stack that is gone: nothing of its config shall come back with a later one of its name. */
export function removeRoom(bench: Workbench, room: Room): void {
  rmSync(roomDir(bench, room), { recursive: true, force: true });
}

/** Variables of every call of the engine. Makes the folders they name. */
export function engineEnv(bench: Workbench): Record<string, string> {
  const { home, io, state, target, providerPort, secretsProvider } = bench;
  const folder = stateFolder(state);
  if (folder) mkdirSync(folder, { recursive: true });
  mkdirSync(paths.pulumi(home), { recursive: true });
  return {
    PULUMI_BACKEND_URL: state,
    PULUMI_HOME: paths.pulumi(home),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DIY_BACKEND_GZIP: "false",
    PULUMI_DIY_BACKEND_ZSTD: "false",
    ...(secretsProvider === PASSPHRASE && passphraseEnv(home, io.env, isShared(home, state))),
    ...(target === "local" && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    ...(providerPort && { PULUMI_DEBUG_PROVIDERS: `aws:${providerPort},awsx:${providerPort}` }),
  };
}

/** One call of the engine in a folder. Throws EngineFailure. */
export async function inFolder(
  bench: Workbench,
  cwd: string,
  args: readonly string[],
  call: Partial<EngineCall> = {},
): Promise<EngineResult> {
  try {
    const options = { cwd, env: engineEnv(bench), ...call };
    return await callEngine(bench.engine, [...args, "--non-interactive"], options);
  } finally {
    keepState(bench);
  }
}

/** The engine does not bring what it writes to the disk. A state that others have, too, is in another machine's hands. */
export function keepState(bench: Pick<Workbench, "home" | "state">): void {
  const folder = ownFolder(bench);
  if (folder) syncState(folder);
}

/** The folder the programs run in: a package.json without dependencies ends the SDK's search for packages to zip. */
export function makeProgramDir(home: string): string {
  const dir = paths.work(home);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const manifest = join(dir, "package.json");
  const text = `${JSON.stringify({ name: "nami-work", private: true })}\n`;
  if (!existsSync(manifest) || readFileSync(manifest, "utf8") !== text) writeDurably(manifest, text);
  return dir;
}
