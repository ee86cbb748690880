import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { paths } from "../../local/paths";

/** The engine Nami is proven with, and the oldest it takes: the newest whose Go module is served; the SDK is pinned to it. */
export const ENGINE_VERSION = "3.259.0";

/** Below this size a `pulumi` is a script that picks another one: what it answers may change while the file does not. */
const SMALLEST_BINARY = 1_000_000;

interface Known {
  size: number;
  mtimeMs: number;
  version: string;
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}

/** Whether the SDK can drive an engine of this version: the same major, and not older than ENGINE_VERSION. */
export function isUsable(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [wantMajor = 0, wantMinor = 0, wantPatch = 0] = numbers(ENGINE_VERSION);
  if (major !== wantMajor) return false;
  return minor > wantMinor || (minor === wantMinor && patch >= wantPatch);
}

function readKnown(file: string): Record<string, Known> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Known>;
  } catch {
    return {};
  }
}

/** A home that cannot be written only costs the time of asking again. */
function remember(file: string, known: Record<string, Known>): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(known, null, 2)}\n`);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

/** As `versionOf`, always by running it. */
export function askVersion(binary: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    execFile(binary, ["version"], { env, timeout: 20_000 }, (error, stdout, stderr) => {
      const version = /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
      if (version && !error) resolve(version);
      else
        reject(
          new Error(stderr.trim().split("\n")[0] || error?.message.split("\n")[0] || "it printed no version"),
        );
    });
  });
}

/**
 * The version of an engine binary, e.g. "3.259.0". Asked once: the answer is kept in NAMI_HOME/tools for as long as
 * the file's size and time stay the same. Throws an Error saying why it could not be run.
 */
export async function versionOf(binary: string, home: string): Promise<string> {
  const path = realpathSync(binary);
  const { size, mtimeMs } = statSync(path);
  const file = join(paths.tools(home), "engine-versions.json");
  const known = readKnown(file);
  const hit = known[path];
  if (hit && hit.size === size && hit.mtimeMs === mtimeMs) return hit.version;
  const version = await askVersion(path);
  if (size >= SMALLEST_BINARY) remember(file, { ...known, [path]: { size, mtimeMs, version } });
  return version;
}
