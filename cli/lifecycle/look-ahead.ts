import { rmSync } from "node:fs";
import { join } from "node:path";
import { findHost } from "../../local/host/client";
import { paths } from "../../local/paths";
import type { Args } from "../command";
import { checkName } from "../command-line/names";
import type { Backend } from "../deployments/backend";
import { refuseMoved } from "../deployments/move-mark";
import type { Room, Workbench } from "../deployments/room";
import { PASSPHRASE, providerFor } from "../deployments/secrets-provider";
import { type Chosen, checkTyped } from "../deployments/settings";
import { type PulumiFn, withStack } from "../deployments/stack";
import type { KeptStack } from "../deployments/state";
import { withWorkbench } from "../deployments/workbench";
import { type Change, changeOf, countChanges } from "../display/diff";
import { makeProgress, type Progress } from "../display/progress";
import { writableHome } from "../home";
import type { Io } from "../io";
import { lookBeforeEngine } from "./before-engine";
import { decide, ownStacks, withMongoPort } from "./decide";
import { isLost } from "./local-target";
import { backendFor, guessPlace, mayHaveKept } from "./place";
import { type SharedState, sharedStates } from "./shared-stacks";

/** What an `up` with the same options would do. */
export interface Preview {
  name: string;
  target: string;
  /** Stacks in the order `up` takes them; shared ones only when something is to be done about them. */
  stacks: { stack: string; changes: Change[] }[];
  changes: ReturnType<typeof countChanges>;
}

interface Look {
  bench: Workbench;
  backend: Backend;
  chosen: Chosen;
  progress: Progress;
  upgradeHost: boolean;
}

/** Whether `up` will find that the host lost its database. A preview starts no host: one that does not run is not asked. */
async function isLostNow({ home, target }: Workbench, kept: KeptStack): Promise<boolean> {
  return target === "local" && (await findHost(home)) !== undefined && isLost(home, kept);
}

/** One stack's preview, in a folder that goes again. A stack that is missing is made in a backend that goes, too. */
async function previewStack(
  { bench, backend, chosen }: Look,
  room: Room,
  program: PulumiFn,
): Promise<Change[]> {
  const kept = await backend.stack(room.project, room.stack);
  const exists = kept !== undefined;
  const scratch = join(paths.work(bench.home), `preview-${process.pid}`);
  const used = exists ? bench : { ...bench, state: `file://${scratch}`, secretsProvider: PASSPHRASE };
  const changes: Change[] = [];
  try {
    await withStack(used, room, program, async (stack) => {
      await (exists ? stack.freshConfig() : stack.init());
      await stack.configure(chosen);
      await stack.preview({
        refresh: kept && (await isLostNow(bench, kept)),
        onEvent: (event) => {
          const change = changeOf(event);
          if (change) changes.push(change);
        },
      });
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    if (!exists)
      rmSync(join(paths.work(bench.home), ".nami", "build", room.stack), { recursive: true, force: true });
  }
  return changes;
}

async function previewAll(look: Look, name: string): Promise<Preview> {
  const { backend, chosen, progress } = look;
  const { target, region } = chosen.resolved;
  const shared = await sharedStates(backend, chosen.resolved, name);
  const stacks: Preview["stacks"] = [];
  const add = async (room: Room, program: PulumiFn) => {
    progress.step(`looking at ${room.project}/${room.stack}`);
    stacks.push({ stack: `${room.project}/${room.stack}`, changes: await previewStack(look, room, program) });
  };
  if (shared.gateway !== "fine") {
    const { gatewayProgram } = await import("../../infra/gateway-program");
    await add({ project: "nami-gateway", stack: `${target}-${region}` }, gatewayProgram);
  }
  if (shared.data !== "fine") {
    const { dataProgram } = await import("../../infra/data-program");
    await add({ project: "nami-data", stack: name }, dataProgram);
  }
  const { programWith } = await import("../../infra/program");
  // A stack that is missing is previewed in a backend of its own, which holds no shared stacks either.
  const alone = (await backend.stack("nami", name)) === undefined;
  const told = (state: SharedState) => (alone || state === "missing" ? ("unknown" as const) : undefined);
  const asked = { gateway: told(shared.gateway), data: told(shared.data), upgradeHost: look.upgradeHost };
  await add({ project: "nami", stack: name }, () => programWith(asked));
  return { name, target, stacks, changes: countChanges(stacks.flatMap(({ changes }) => changes)) };
}

/** What `nami up` with these arguments would change. Starts nothing and writes nothing that stays. */
export async function lookAhead(args: Args, io: Io): Promise<Preview> {
  checkName(args.name);
  checkTyped(args, io, { mayHaveKept: mayHaveKept(args, io) });
  const backend = await backendFor(args, io);
  const { home, state } = backend;
  writableHome(io);
  await refuseMoved(backend);
  const secretsProvider = await providerFor(args, io, backend, "preview");
  const place = guessPlace(args, io, await ownStacks(backend, args.name));
  const progress = makeProgress(io, args);
  progress.phase(`Preview of ${args.name}`);
  try {
    const request = { home, io, state, secretsProvider, ...place, verbose: args.verbose };
    return await withWorkbench(request, async (bench) => {
      const { name } = args;
      const { chosen: asked, standing } = await decide(args, io, { bench, backend });
      if (asked.resolved.target === "aws") {
        const stacks = Object.values(standing);
        await lookBeforeEngine({ home, name, io, chosen: asked, stacks, progress });
      }
      const chosen = await withMongoPort(asked, { home, name, io, reserve: false });
      const upgradeHost = args.upgradeHost === true;
      return previewAll({ bench, backend, chosen, progress, upgradeHost }, name);
    });
  } finally {
    progress.end();
  }
}
