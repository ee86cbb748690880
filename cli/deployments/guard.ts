import { setTimeout as sleep } from "node:timers/promises";
import { note } from "../io";
import { inDirectory } from "./automation";
import { engineLocks, isHeld, type Seen, translate } from "./errors";
import { inFolder, makeProgramDir, type Room, type Workbench } from "./room";

/** What an operation is done on. */
interface Place {
  bench: Workbench;
  room: Room;
  dir: string;
}

/** A killed `nami` leaves an engine behind that ends by itself, as soon as it notices. */
const ORPHAN_SECONDS = 20;

/** Errors in an `apply` surface nowhere else; the SDK's own listener tells the engine of them. */
async function watched<T>(seen: Seen, work: () => Promise<T>): Promise<T> {
  const note = (error: unknown) => {
    seen.thrown.push(error);
  };
  process.on("unhandledRejection", note);
  try {
    return await work();
  } finally {
    process.off("unhandledRejection", note);
  }
}

/** Frees a stack whose holder is dead; answers whether the operation may be tried again. */
async function freed({ bench, room, dir }: Place, error: unknown): Promise<boolean> {
  const locks = engineLocks(error);
  if (locks.length === 0) return false;
  const deadline = bench.io.now() + ORPHAN_SECONDS * 1000;
  const held = locks.find(isHeld);
  if (held)
    note(
      bench.io,
      `waiting up to ${ORPHAN_SECONDS} s for the engine of process ${held.pid} to let go of the stack`,
    );
  while (locks.some(isHeld)) {
    if (bench.io.now() > deadline) return false;
    await sleep(500, undefined, { signal: bench.io.signal });
  }
  const { pid, since } = locks[0]!;
  note(
    bench.io,
    `${room.project}/${room.stack} was left locked by process ${pid} (since ${since}), which is gone: unlocked.`,
  );
  await inFolder(bench, dir, ["cancel", "--yes", "--stack", room.stack]);
  return true;
}

/**
 * Runs an operation of the Automation API: in the programs' folder, once more when a dead process had it locked,
 * with its errors translated. Throws CodedError, or an AbortError when the person cancelled.
 */
export async function guarded(place: Place, run: (seen: Seen) => Promise<unknown>): Promise<void> {
  const { bench, room } = place;
  for (let tries = 0; ; tries++) {
    const seen: Seen = { thrown: [], diagnostics: [], warnings: [] };
    try {
      bench.io.signal.throwIfAborted();
      await inDirectory(makeProgramDir(bench.home), () => watched(seen, () => run(seen)));
      bench.io.signal.throwIfAborted();
      return;
    } catch (error) {
      bench.io.signal.throwIfAborted();
      if (tries === 0 && (await freed(place, error))) continue;
      throw translate(error, room, seen, bench);
    }
  }
}
