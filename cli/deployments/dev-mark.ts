import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { cliError } from "../errors";
import type { Backend } from "./backend";
import { userName } from "./lease-holder";
import type { Store } from "./store/store";

/**
 * Lies in the state from the moment a `nami dev` begins: what the functions of the name run may be another code than the
 * stack says, and the next `up` must put its own there even where nothing else has changed.
 */
export interface DevMark {
  /** Becomes part of the functions' code with the next `up`, so that it differs from what the stack says. */
  edition: string;
  /** ISO 8601, UTC. */
  since: string;
  /** "user@machine", for people. */
  by: string;
}

const PREFIX = ".nami/dev/";
const keyOf = (name: string) => `${PREFIX}${name}.json`;

async function read(store: Store, key: string): Promise<DevMark | undefined> {
  const kept = await store.read(key);
  return kept && (JSON.parse(kept.body.toString("utf8")) as DevMark);
}

/** The mark of a name; undefined when no `dev` was at work since its last `up`. */
export async function readDevMark(backend: Backend, name: string): Promise<DevMark | undefined> {
  const store = await backend.store();
  return store && read(store, keyOf(name));
}

/** The names of a state that bear a mark. */
export async function devMarks(backend: Backend): Promise<ReadonlySet<string>> {
  const found = (await (await backend.store())?.list(PREFIX)) ?? [];
  return new Set(found.map(({ key }) => key.slice(PREFIX.length).replace(/\.json$/, "")));
}

/**
 * Marks a name, anew each time: an `up` that failed half-way may have put the edition of an earlier mark into the stack.
 * Throws DEV_NOT_OFFERED for a state whose objects only the engine reads.
 */
export async function writeDevMark(backend: Backend, name: string, now: number): Promise<DevMark> {
  const store = await backend.store();
  if (!store) throw cliError("DEV_NOT_OFFERED", { name, state: backend.state });
  const mark: DevMark = {
    edition: randomBytes(6).toString("hex"),
    since: new Date(now).toISOString(),
    by: [userName(), hostname()].filter(Boolean).join("@"),
  };
  await store.write(keyOf(name), JSON.stringify(mark, null, 2));
  return mark;
}

/** The name runs what its stack says; of a given edition, only when no other mark took its place meanwhile. */
export async function removeDevMark(backend: Backend, name: string, edition?: string): Promise<void> {
  const store = await backend.store();
  if (!store) return;
  const mark = edition === undefined ? undefined : await read(store, keyOf(name));
  if (edition === undefined || mark?.edition === edition) await store.remove(keyOf(name));
}

/** What a move of the state takes along. */
export async function carryDevMarks(source: Backend, destination: Backend): Promise<void> {
  const [from, to] = await Promise.all([source.store(), destination.store()]);
  for (const { key } of (await from?.list(PREFIX)) ?? []) {
    const kept = await from!.read(key);
    if (kept) await to?.write(key, kept.body.toString("utf8"));
    await from!.remove(key);
  }
}
