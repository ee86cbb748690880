import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { inProcess, isBusy, type Result } from "./in-process";

export type { Result } from "./in-process";

export const root = join(__dirname, "..", "..");

export interface RunOptions {
  env?: Record<string, string>;
  input?: string;
  cwd?: string;
  /** Another checkout of Nami than this one. */
  checkout?: string;
  /** In a process of its own, as a person would. Implied by `checkout` and `onStart`. */
  spawned?: boolean;
  /** Called with the child as soon as it runs, for tests that interrupt it. */
  onStart?: (child: ChildProcess) => void;
}

/**
 * Runs a command line of Nami in a NAMI_HOME of the test's own: in this process, unless the test needs another one, or
 * another command is still running in this one.
 */
export function nami(home: string, args: string[], options: RunOptions = {}): Promise<Result> {
  const { checkout, onStart, spawned = checkout !== undefined || onStart !== undefined, input } = options;
  if (spawned || isBusy()) return spawnNami(home, args, options);
  const env = { NAMI_HOME: home, NO_COLOR: "1", ...options.env };
  return inProcess(args, { env, cwd: options.cwd ?? root, input });
}

/** Runs `bin/nami` as a person would. */
function spawnNami(home: string, args: string[], options: RunOptions): Promise<Result> {
  const started = Date.now();
  const checkout = options.checkout ?? root;
  const child = spawn(join(checkout, "bin", "nami"), args, {
    cwd: options.cwd ?? checkout,
    env: { ...process.env, NAMI_HOME: home, NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  options.onStart?.(child);
  child.stdin.end(options.input ?? "");
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err, ms: Date.now() - started }));
  });
}

/** As `nami`, but anything but exit 0 fails the test with what was printed. */
export async function ok(home: string, args: string[], options: RunOptions = {}): Promise<Result> {
  const result = await nami(home, args, options);
  if (result.code !== 0) {
    throw new Error(`nami ${args.join(" ")} exited ${result.code}\n${result.out}\n${result.err}`);
  }
  return result;
}

/** `ok` with --json, parsed. */
export async function json<T>(home: string, args: string[], options: RunOptions = {}): Promise<T> {
  return JSON.parse((await ok(home, [...args, "--json"], options)).out) as T;
}

/** Brings a name up and answers its URL. */
export async function up(home: string, name: string, ...flags: string[]): Promise<string> {
  return (await json<{ url: string }>(home, ["up", name, "--yes", ...flags])).url;
}

/** A stored event as `nami events --all --json` prints it: relaxed Extended JSON. */
export interface StoredEvent {
  _id: string;
  name: string;
  contentType?: string;
  raw: { $binary: { base64: string; subType: string } };
  body?: unknown;
  bodyError?: string;
  duplicates: number;
  attempts: number;
  conflict?: boolean;
  request: { method: string; path: string; headers: Record<string, string> };
}

/** Everything a name has stored. */
export async function storedEvents(home: string, name: string): Promise<StoredEvent[]> {
  const { out } = await ok(home, ["events", name, "--all", "--json"]);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredEvent);
}

export function rawOf(event: StoredEvent): Buffer {
  return Buffer.from(event.raw.$binary.base64, "base64");
}

/** Asks again until `done` holds, for at most `seconds`; answers the last value either way. */
export async function eventually<T>(
  ask: () => Promise<T>,
  done: (value: T) => boolean,
  seconds: number,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (done(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Waits until the events with these delivery ids are stored, for at most `seconds`. Answers those that are not. */
export function untilStored(
  home: string,
  name: string,
  ids: Iterable<string>,
  seconds: number,
): Promise<string[]> {
  return eventually(
    async () => {
      const there = new Set((await storedEvents(home, name)).map(({ _id }) => _id));
      return [...ids].filter((id) => !there.has(`${name}:${id}`));
    },
    (missing) => missing.length === 0,
    seconds,
  );
}
