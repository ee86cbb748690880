import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../../local/durable";
import { paths } from "../../local/paths";
import type { Io } from "../io";
import { Backend } from "./backend";
import { readMark } from "./move-mark";
import { askedState, ownState, sameState } from "./state";

const placesDir = (home: string) => join(paths.work(home), "places");
const placeFile = (home: string, name: string) => join(placesDir(home), `${name}.json`);

/** Keeps in mind that a name's state lies elsewhere than in NAMI_HOME. */
export function rememberState(home: string, name: string, state: string): void {
  if (sameState(state, ownState(home))) {
    forgetState(home, name);
    return;
  }
  mkdirSync(placesDir(home), { recursive: true });
  writeDurably(placeFile(home, name), JSON.stringify({ state }));
}

export function forgetState(home: string, name: string): void {
  rmSync(placeFile(home, name), { force: true });
}

/** The names whose state is known to lie elsewhere, with where. */
export function rememberedNames(home: string): { name: string; state: string }[] {
  if (!existsSync(placesDir(home))) return [];
  return readdirSync(placesDir(home)).map((file) => {
    const name = file.replace(/\.json$/, "");
    return { name, state: rememberedElsewhere(home, name)! };
  });
}

/** Every backend besides NAMI_HOME's own that names are known to be in. */
export function rememberedStates(home: string): string[] {
  const states = rememberedNames(home).map(({ state }) => state);
  return states.filter((state, i) => states.findIndex((each) => sameState(each, state)) === i);
}

function rememberedElsewhere(home: string, name: string): string | undefined {
  const file = placeFile(home, name);
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { state: string }).state;
}

/** Whether NAMI_HOME's own state has the name, or its data. */
function isOwn(home: string, name: string): boolean {
  const stacks = join(paths.state(home), ".pulumi", "stacks");
  return ["nami", "nami-data"].some((project) =>
    [".json", ".json.gz", ".json.zst"].some((suffix) => existsSync(join(stacks, project, name + suffix))),
  );
}

/** Where this name's state is known to lie; undefined when the name is not known here. */
export function rememberedState(home: string, name: string): string | undefined {
  return rememberedElsewhere(home, name) ?? (isOwn(home, name) ? ownState(home) : undefined);
}

/** The backend to look a name up in: the one it is known to be in, else the one asked for, else NAMI_HOME's. */
export function backendOf(home: string, io: Io, name: string, given: unknown): Backend {
  const asked = askedState(given, io);
  const known = rememberedState(home, name);
  // The same place written in another way, e.g. with another profile, is meant as it is written now.
  const state = known && asked && sameState(known, asked) ? asked : (known ?? asked ?? ownState(home));
  return new Backend(home, io, state);
}

/**
 * As `backendOf`; where another place is asked for than the one the name is known to be in, and that one says that all
 * was moved there, the other.
 */
export async function movedBackend(home: string, io: Io, name: string, given: unknown): Promise<Backend> {
  const backend = backendOf(home, io, name, given);
  const asked = askedState(given, io);
  if (!asked || sameState(asked, backend.state)) return backend;
  const store = await backend.store();
  const mark = store && (await readMark(store));
  return mark?.done && sameState(mark.to, asked) ? new Backend(home, io, asked) : backend;
}
