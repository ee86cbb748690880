import type { Args } from "../../command";
import { Backend } from "../../deployments/backend";
import { forgetStack, putCopy } from "../../deployments/copy-stack";
import { carryDevMarks } from "../../deployments/dev-mark";
import { forgetSharedConfig } from "../../deployments/last-config";
import { readMark, removeMark, writeMark } from "../../deployments/move-mark";
import { rememberState } from "../../deployments/places";
import { type Room, removeRoom, roomDir, type Workbench } from "../../deployments/room";
import {
  askedProvider,
  checkPassphrase,
  keptProvider,
  PASSPHRASE,
  type SecretsProvider,
  sameProvider,
} from "../../deployments/secrets-provider";
import { isShared } from "../../deployments/state";
import { makeProgress, type Progress } from "../../display/progress";
import { ensureEngine } from "../../engine/engine";
import { cliError } from "../../errors";
import { writableHome } from "../../home";
import type { Io } from "../../io";
import { carryMachine } from "../local-machine";
import { atSource, takeCopyWith } from "./passphrases";
import { idOf, planMove, roomOf, stacksIn } from "./plan";
import {
  markSides,
  refuseHolders,
  refuseOtherMoves,
  type Side,
  storeToMove,
  unmarkSides,
  withSides,
} from "./sides";

/** What a move has to tell. */
export interface Moved {
  from: string;
  to: string;
  /** "<project>/<stack>" of all that lies at the destination now. */
  stacks: string[];
  secretsProvider: SecretsProvider;
}

interface Work {
  source: Side;
  destination: Side;
  /** Both engines' calls: the same but for state, lock and secrets. */
  from: Workbench;
  to: Workbench;
  progress: Progress;
  io: Io;
}

const benchOf = (
  bench: Workbench,
  { backend, lease }: Side,
  secretsProvider: SecretsProvider,
): Workbench => ({
  ...bench,
  ...{ state: backend.state, lease, secretsProvider },
});

/** Each stack anew, whatever an interrupted run has put there: as long as it is at the source, that is what is true. */
async function copyAll({ from, to, destination, progress, io }: Work, rooms: Room[]): Promise<void> {
  progress.phase("Copying");
  const there = new Set((await stacksIn(destination.backend)).map(idOf));
  let salt: string | undefined;
  for (const room of rooms) {
    io.signal.throwIfAborted();
    progress.step(idOf(room));
    if (there.has(idOf(room))) await forgetStack(to, room);
    const copy = await takeCopyWith(from, room);
    salt = await putCopy(to, room, copy, { from: from.state, to: to.state, salt });
  }
}

/** Only now, when all is at the destination. */
async function forgetAll({ from, to, source, progress, io }: Work, stacks: string[]): Promise<void> {
  progress.phase("Forgetting at the source");
  const left = new Set((await stacksIn(source.backend)).map(idOf));
  for (const room of stacks.map(roomOf)) {
    io.signal.throwIfAborted();
    progress.step(idOf(room));
    if (left.has(idOf(room))) await forgetStack(from, room);
    await forgetSharedConfig(from, room);
    const fromDir = roomDir(from, room);
    if (isShared(to.home, to.state) || fromDir !== roomDir(to, room)) removeRoom(from, room);
    if (room.project !== "nami-gateway") rememberState(to.home, room.stack, to.state);
  }
}

/** Everything at the source again, which it never left. What was already forgotten there cannot be taken back. */
async function undo({ to, source, destination }: Work, stacks: string[]): Promise<boolean> {
  const left = new Set((await stacksIn(source.backend)).map(idOf));
  if (!stacks.every((id) => left.has(id))) return false;
  const there = (await stacksIn(destination.backend)).filter((room) => stacks.includes(idOf(room)));
  for (const room of there) {
    await forgetStack(to, room);
    await forgetSharedConfig(to, room);
  }
  await unmarkSides([destination, source]);
  return true;
}

async function finish(
  { source, destination, from, to }: Work,
  stacks: string[],
  startedAt: string,
): Promise<void> {
  await carryMachine(source.backend, destination.backend, stacks);
  await carryDevMarks(source.backend, destination.backend);
  await removeMark(destination.store);
  // Colleagues who still know the old place are told the new one.
  const note = { from: from.state, to: to.state, stacks, startedAt, done: true } as const;
  if (isShared(from.home, from.state)) await writeMark(source.store, note);
  else await removeMark(source.store);
}

async function moveAll(work: Work): Promise<string[]> {
  const { source, destination, from, to, io } = work;
  const sides = [destination, source];
  const begun = await refuseOtherMoves(sides, { from: from.state, to: to.state });
  const marks = begun ? await Promise.all(sides.map(({ store }) => readMark(store))) : [];
  const before = marks.flatMap((mark) => mark?.stacks ?? []);
  const rooms = await planMove(source.backend, destination.backend, before);
  const stacks = [...new Set([...before, ...rooms.map(idOf)])];
  const startedAt = new Date(io.now()).toISOString();
  await markSides(sides, { from: from.state, to: to.state, stacks, startedAt });
  try {
    await refuseHolders(sides);
    await copyAll(work, rooms);
  } catch (error) {
    const undone = await undo(work, stacks).catch(() => false);
    if (!io.signal.aborted) throw error;
    throw cancelled(work, undone ? "Nothing was moved: everything is at the source, as before." : UNFINISHED);
  }
  try {
    await forgetAll(work, stacks);
    await finish(work, stacks, startedAt);
  } catch (error) {
    throw io.signal.aborted ? cancelled(work, UNFINISHED) : error;
  }
  return stacks;
}

const UNFINISHED = "The same command goes on from there; until then both states are frozen.";

function cancelled({ from, to }: Work, found: string): Error {
  return cliError("MOVE_CANCELLED", { from: from.state, to: to.state, found });
}

/** How the destination's secrets are to be encrypted. Throws SECRETS_PROVIDER_CHANGED, PASSPHRASE_NEEDED. */
async function providerThere(
  args: Args,
  io: Io,
  destination: Backend,
  was: SecretsProvider,
): Promise<SecretsProvider> {
  const asked = askedProvider(args, io, "state");
  const kept = await keptProvider(destination);
  if (asked && kept && !sameProvider(asked, kept))
    throw cliError("SECRETS_PROVIDER_CHANGED", { state: destination.state, was: kept, wanted: asked });
  const provider = kept ?? asked ?? was;
  checkPassphrase(provider, destination, io);
  return provider;
}

/**
 * `nami state move`: every stack of a state to another one, with the secrets encrypted as they are there. Held by
 * nobody else meanwhile; copied, read back and compared, and only then forgotten at the source. Interrupted at any
 * point, the same call goes on. Throws what stands in docs/errors.md.
 */
export async function moveState(args: Args, io: Io, from: string, to: string): Promise<Moved> {
  const home = writableHome(io);
  const [source, destination] = [from, to].map((state) => new Backend(home, io, state)) as [Backend, Backend];
  for (const backend of [source, destination]) await storeToMove(backend);
  const was = (await keptProvider(source)) ?? PASSPHRASE;
  const provider = await providerThere(args, io, destination, was);
  checkPassphrase(was, source, atSource(io));
  const engine = await ensureEngine({ home, io });
  const onText = args.verbose ? (text: string) => io.err.write(text) : undefined;
  const progress = makeProgress(io, args);
  try {
    return await withSides({ home, io, from, to }, async (first, second, held) => {
      const bench: Workbench = { home, io: held, engine, state: from, target: "aws", onText };
      const there = { ...bench, io: atSource(held) };
      const benches = { from: benchOf(there, first, was), to: benchOf(bench, second, provider) };
      const work: Work = { source: first, destination: second, ...benches, progress, io: held };
      return { from, to, stacks: await moveAll(work), secretsProvider: provider };
    });
  } finally {
    progress.end();
  }
}
