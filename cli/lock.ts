import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { createDurably, writeDurably } from "../local/durable";
import { paths } from "../local/paths";
import { cliError } from "./errors";

/** Who holds a lock; what lies in NAMI_HOME/locks/<name>.json. */
export interface Holder {
  pid: number;
  /** When that process began, in the kernel's own count: a pid alone may have been given anew. Linux only. */
  born?: string;
  host: string;
  /** What it runs, e.g. "up demo". */
  command: string;
  startedAt: string;
  /** One taking of the lock, told apart from all others. */
  id: string;
}

export interface Lock {
  release(): void;
}

/** How long to wait for what several names share. `onWait` is called once, with the holder. */
export interface Patience {
  seconds: number;
  signal: AbortSignal;
  onWait(holder: Holder): void;
}

export interface LockRequest {
  home: string;
  /** Name of the deployment, or of what names share. */
  name: string;
  command: string;
  now(): number;
}

/** A process of this machine, as a holder is described. */
export function thisProcess(): Pick<Holder, "pid" | "born" | "host"> {
  return { pid: process.pid, born: bornAt(process.pid), host: hostname() };
}

/** From the third field of /proc/<pid>/stat on (man 5 proc); the second may contain spaces. Linux only. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** Field 22: start time in ticks since boot. */
function bornAt(pid: number): string | undefined {
  return statOf(pid)[19];
}

/** Field 3: it has ended, and its parent has not asked how. */
function isZombie(pid: number): boolean {
  return statOf(pid)[0] === "Z";
}

/** Whether a process of this machine still runs, and is the one it was. */
export function isRunning({ pid, born }: Pick<Holder, "pid" | "born">): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid) && (born === undefined || bornAt(pid) === born);
}

function isAlive(holder: Holder): boolean {
  return holder.host !== hostname() || isRunning(holder);
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (error instanceof SyntaxError)
      throw cliError("LOCK_DAMAGED", { file: path, reason: error.message, mend: `rm ${path}` }, error);
    throw error;
  }
}

/** Whole or not at all: nobody ever reads a half-written lock. */
function create(path: string, mine: Holder): boolean {
  return createDurably(path, textOf(mine));
}

const textOf = (holder: Holder) => JSON.stringify(holder, null, 2);

/**
 * Takes a dead holder's place. The right to do so is itself a lock, named after that very holder, so that of two
 * who find it dead only one replaces it, and nobody replaces a live one that came in between.
 */
function replaceDead(path: string, dead: Holder, mine: Holder): boolean {
  const right = `${path}.${dead.id}`;
  if (obtain(right, mine)) return false;
  try {
    if (read(path)?.id !== dead.id) return false;
    writeDurably(path, textOf(mine));
    return true;
  } finally {
    rmSync(right, { force: true });
  }
}

/** Undefined when the lock is ours now, else who has it. */
function obtain(path: string, mine: Holder): Holder | undefined {
  for (;;) {
    if (create(path, mine)) return undefined;
    const holder = read(path);
    if (!holder) continue;
    if (isAlive(holder)) return holder;
    if (replaceDead(path, holder, mine)) return undefined;
  }
}

function pathOf({ home, name }: { home: string; name: string }): string {
  return join(paths.locks(home), `${name}.json`);
}

function attempt(request: LockRequest): Lock | Holder {
  const path = pathOf(request);
  mkdirSync(dirname(path), { recursive: true });
  const mine: Holder = {
    ...thisProcess(),
    command: request.command,
    startedAt: new Date(request.now()).toISOString(),
    id: randomUUID(),
  };
  const holder = obtain(path, mine);
  if (holder) return holder;
  return {
    release: () => {
      if (read(path)?.id === mine.id) rmSync(path, { force: true });
    },
  };
}

/** LOCKED, with who holds it. */
export function locked(name: string, { pid, host, command, startedAt }: Holder): Error {
  return cliError("LOCKED", { name, pid, host, command, since: startedAt });
}

/** Takes the lock of a name, a dead holder's too. Throws LOCKED, which names the holder, at once. */
export function takeLock(request: LockRequest): Lock {
  const taken = attempt(request);
  if ("release" in taken) return taken;
  throw locked(request.name, taken);
}

/** Tries until `attempt` brings a lock. Throws LOCKED when the time is over, or the signal's reason. */
export async function waitFor<L extends object>(
  attempt: () => L | Holder | Promise<L | Holder>,
  { name, now }: Pick<LockRequest, "name" | "now">,
  { seconds, signal, onWait }: Patience,
): Promise<L> {
  const deadline = now() + seconds * 1000;
  for (let waited = false; ; waited = true) {
    signal.throwIfAborted();
    const taken = await attempt();
    if (!("pid" in taken)) return taken;
    if (now() >= deadline) throw locked(name, taken);
    if (!waited) onWait(taken);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** As `takeLock`, but waits for what several names share. */
export function waitForLock(request: LockRequest, patience: Patience): Promise<Lock> {
  return waitFor(() => attempt(request), request, patience);
}

/** Who works on a name right now; undefined when nobody does. */
export function lockHolder(home: string, name: string): Holder | undefined {
  const holder = read(pathOf({ home, name }));
  return holder && isAlive(holder) ? holder : undefined;
}

/** Whether anybody works on another name; locks of Nami's own parts (with a dot in their name) do not count. */
export function otherHolders(home: string, name: string): boolean {
  const names = readdirSync(paths.locks(home)).flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? []);
  return names.some((each) => each !== name && lockHolder(home, each) !== undefined);
}

/** Who works on which name, or on a gateway that names share; other locks of Nami's own parts do not count. */
export function heldNames(home: string): Map<string, Holder> {
  const files = existsSync(paths.locks(home)) ? readdirSync(paths.locks(home)) : [];
  const names = files.flatMap((file) => /^([^.]+|nami-gateway\..+)\.json$/.exec(file)?.[1] ?? []);
  const held = names.map((name) => [name, lockHolder(home, name)] as const);
  return new Map(held.filter((each): each is [string, Holder] => each[1] !== undefined));
}
