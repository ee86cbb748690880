import type { Args } from "../../command";
import { Backend } from "../../deployments/backend";
import { changeProvider } from "../../deployments/copy-stack";
import { removeMark, writeMark } from "../../deployments/move-mark";
import type { Workbench } from "../../deployments/room";
import { askedProvider, checkPassphrase, keptProvider, PASSPHRASE } from "../../deployments/secrets-provider";
import { makeProgress } from "../../display/progress";
import { ensureEngine } from "../../engine/engine";
import { cliError } from "../../errors";
import { writableHome } from "../../home";
import type { Io } from "../../io";
import type { Moved } from "./move-state";
import { idOf, planMove, stacksIn } from "./plan";
import { refuseHolders, refuseOtherMoves, withSide } from "./sides";

/** The passphrase is needed for whichever side is under one; the engine takes it for both. */
function provedBench(bench: Workbench, backend: Backend, was: string, wanted: string): Workbench {
  const either = was === PASSPHRASE || wanted === PASSPHRASE;
  if (either) checkPassphrase(PASSPHRASE, backend, bench.io);
  return { ...bench, secretsProvider: either ? PASSPHRASE : wanted };
}

/**
 * `nami state move` to where the state is already: its secrets are encrypted under another key, stack by stack, while
 * nobody else works on it. Interrupted, the same call goes on with the stacks that are left.
 */
export async function changeStateProvider(args: Args, io: Io, state: string): Promise<Moved> {
  const home = writableHome(io);
  const backend = new Backend(home, io, state);
  const wanted = askedProvider(args, io, "state");
  if (!wanted) {
    const problem =
      "It lies there already. Give another --to, or a --secrets-provider to encrypt its secrets with.";
    throw cliError("USAGE", { problem, verb: "state" });
  }
  const was = (await keptProvider(backend)) ?? PASSPHRASE;
  const engine = await ensureEngine({ home, io });
  const onText = args.verbose ? (text: string) => io.err.write(text) : undefined;
  const base = provedBench({ home, io, engine, state, target: "aws", onText }, backend, was, wanted);
  const progress = makeProgress(io, args);
  try {
    return await withSide({ home, io, state }, async (side, held) => {
      await refuseOtherMoves([side], { from: state, to: state });
      const rooms = await planMove(
        backend,
        new Backend(home, io, state),
        (await stacksIn(backend)).map(idOf),
      );
      const stacks = rooms.map(idOf);
      await writeMark(side.store, {
        from: state,
        to: state,
        stacks,
        startedAt: new Date(io.now()).toISOString(),
      });
      await refuseHolders([side]).catch(async (error) => {
        await removeMark(side.store);
        throw error;
      });
      progress.phase("Encrypting anew");
      for (const room of rooms) {
        held.signal.throwIfAborted();
        progress.step(idOf(room));
        const kept = await backend.stack(room.project, room.stack);
        await changeProvider({ ...base, io: held, lease: side.lease }, room, {
          now: kept?.secretsProvider,
          wanted,
        });
      }
      await removeMark(side.store);
      return { from: state, to: state, stacks, secretsProvider: wanted };
    });
  } finally {
    progress.end();
  }
}
