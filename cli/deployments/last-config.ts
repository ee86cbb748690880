import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { keepSettings, type Room, removeRoom, settingsFile, type Workbench } from "./room";
import { isShared } from "./state";
import { type Store, storeOf } from "./store/store";

/**
 * The config of a stack's last deployment lies in shared state as `.nami/config/<project>/<stack>.yaml`, secrets
 * encrypted. The engine's own history has it only from operations that came to an end, and loses it in a move.
 */
const keyOf = ({ project, stack }: Room) => `.nami/config/${project}/${stack}.yaml`;

/** The store of a state that others may write, too. */
async function sharedStore({ home, state, io }: Workbench): Promise<Store | undefined> {
  return isShared(home, state) ? storeOf(state, io) : undefined;
}

/** When somebody last did something with the engine to a stack, by its history. Milliseconds since 1970, 0 for never. */
async function lastOperation(store: Store, { project, stack }: Room): Promise<number> {
  const history = await store.list(`.pulumi/history/${project}/${stack}/`);
  return Math.max(0, ...history.map(({ modifiedAt }) => modifiedAt.getTime()));
}

/** The config as Nami left it, unless a bare `pulumi` was at work since. */
async function fromState(store: Store, room: Room): Promise<string | undefined> {
  const [kept, last] = await Promise.all([store.read(keyOf(room)), lastOperation(store, room)]);
  return kept && kept.modifiedAt.getTime() >= last ? kept.body.toString("utf8") : undefined;
}

/**
 * Puts the config of the last deployment into a run's folder. That of a state of one's own lies there already; in
 * shared state someone else may have deployed since. `refresh` has the engine take it from its history.
 */
export async function takeConfig(
  bench: Workbench,
  room: Room,
  dir: string,
  refresh: () => Promise<void>,
): Promise<void> {
  const file = settingsFile(dir, room);
  if (!isShared(bench.home, bench.state) && existsSync(file)) return;
  const store = await sharedStore(bench);
  const text = store && (await fromState(store, room));
  if (text === undefined) await refresh();
  else writeFileSync(file, text);
}

/** Puts the run's config into shared state, for everybody who uses it. */
export async function keepSharedConfig(bench: Workbench, room: Room, dir: string): Promise<void> {
  const store = await sharedStore(bench);
  if (store && existsSync(settingsFile(dir, room)))
    await store.write(keyOf(room), readFileSync(settingsFile(dir, room), "utf8"));
}

/** The run's config is the deployed one from now on, here and in shared state. */
export async function keepConfig(bench: Workbench, room: Room, dir: string): Promise<void> {
  keepSettings(bench, room, dir);
  await keepSharedConfig(bench, room, dir);
}

/** A stack of that name is begun: nothing of the config of an earlier one shall come back. */
export async function forgetSharedConfig(bench: Workbench, room: Room): Promise<void> {
  await (await sharedStore(bench))?.remove(keyOf(room));
}

/** Forgets the config of a stack that is gone, here and in shared state. */
export async function forgetConfig(bench: Workbench, room: Room): Promise<void> {
  removeRoom(bench, room);
  await forgetSharedConfig(bench, room);
}
