import { hostStatus } from "../../local/host/client";
import type { Backend } from "../deployments/backend";
import type { Room, Workbench } from "../deployments/room";
import type { Chosen } from "../deployments/settings";
import { type PulumiFn, withStack } from "../deployments/stack";
import type { KeptStack } from "../deployments/state";
import { type Change, changeOf } from "../display/diff";
import type { Progress } from "../display/progress";
import { holding } from "./hold";
import { isLost } from "./local-target";
import { dataFolder, recoverData } from "./lost-data";

export interface Work {
  bench: Workbench;
  backend: Backend;
  chosen: Chosen;
  progress: Progress;
  /** Filled as things change, in all stacks. */
  changes: Change[];
  /** Asked for with --refresh. */
  refresh: boolean;
}

const GATEWAY_WAIT_SECONDS = 300;

async function lost({ bench, progress }: Work, kept: KeptStack | undefined): Promise<boolean> {
  if (!kept || bench.target !== "local" || !(await isLost(bench.home, kept))) return false;
  const what = `${kept.project}/${kept.stack}`;
  progress.say(
    `The host does not have all that ${what} was deployed with (its database was lost): looking at what is there.`,
  );
  if (kept.outputs.volumeId)
    progress.say(`${dataFolder(bench.home, kept)} is gone: what is made anew starts empty.`);
  return true;
}

/**
 * Brings one stack up: made when it is missing, its config replaced, its state compared with the host's first.
 * A stack that comes to nothing at all is not left behind.
 */
export async function bringUpStack(
  work: Work,
  room: Room,
  program: PulumiFn,
): Promise<Record<string, unknown>> {
  const { bench, backend, chosen, progress, changes } = work;
  const kept = await backend.stack(room.project, room.stack);
  const refresh = work.refresh || (await lost(work, kept));
  return withStack(bench, room, program, async (stack) => {
    await (kept ? stack.freshConfig() : stack.init());
    let begun = false;
    try {
      await stack.configure(chosen);
      await stack.up({
        refresh: refresh && kept !== undefined,
        onEvent: (event) => {
          const change = changeOf(event);
          if (change) changes.push(change);
          begun ||= change !== undefined;
          progress.onEvent(event);
        },
      });
    } catch (error) {
      if (!kept && !begun) await stack.remove().catch(() => {});
      throw error;
    }
    return stack.outputs();
  });
}

/** Whether the stack came to its end once and, on this machine, is still there. */
async function stands(work: Work, kept: KeptStack | undefined, output: string): Promise<boolean> {
  if (!kept || kept.pending || typeof kept.outputs[output] !== "string" || work.refresh) return false;
  return work.bench.target !== "local" || !(await isLost(work.bench.home, kept));
}

/** On this machine the gateway's address is the host's to say: what the stack answers must follow it. */
async function hasMoved(home: string, { resolved }: Chosen, kept?: KeptStack): Promise<boolean> {
  const told = kept?.outputs.apiEndpoint;
  return (
    resolved.target === "local" && typeof told === "string" && told !== (await hostStatus(home)).publicUrl
  );
}

/** The gateway that all names of a target and region share. Waits when another `up` is just making it. */
export async function ensureGateway(work: Work): Promise<void> {
  const { bench, backend, chosen, progress } = work;
  const room: Room = {
    project: "nami-gateway",
    stack: `${chosen.resolved.target}-${chosen.resolved.region}`,
  };
  const kept = () => backend.stack(room.project, room.stack);
  const moved = await hasMoved(bench.home, chosen, await kept());
  const standing = async () => !moved && stands(work, await kept(), "apiId");
  if (await standing()) return;
  const onWait = ({ command, pid }: { command: string; pid: number }) =>
    progress.say(`waiting for the shared gateway: \`nami ${command}\` (pid ${pid}) is at it`);
  const what = {
    ...{ backend, io: bench.io, name: `nami-gateway.${room.stack}`, command: "up", stacks: [room] },
    patience: { seconds: GATEWAY_WAIT_SECONDS, onWait },
  };
  await holding(what, async (held) => {
    if (await standing()) return;
    progress.phase("Gateway");
    const { gatewayProgram } = await import("../../infra/gateway-program");
    const mine = { ...work, bench: { ...bench, ...held }, refresh: work.refresh || moved };
    await bringUpStack(mine, room, gatewayProgram);
  });
}

/** The volume and password of a name. Nothing to do with a MongoDB of one's own. */
export async function ensureData(work: Work, name: string): Promise<void> {
  const { backend, chosen, progress } = work;
  if (chosen.resolved.mongoUri) return;
  const room: Room = { project: "nami-data", stack: name };
  await recoverData(work.bench, await backend.stack(room.project, room.stack), progress);
  if (await stands(work, await backend.stack(room.project, room.stack), "volumeId")) return;
  progress.phase("Data");
  const { dataProgram } = await import("../../infra/data-program");
  await bringUpStack(work, room, dataProgram);
}

/** What a previewing command must know: which of the shared stacks are still to be made. */
export async function missingShared(
  backend: Backend,
  { target, region, mongoUri }: Chosen["resolved"],
  name: string,
): Promise<{ gateway: boolean; data: boolean }> {
  const [gateway, data] = await Promise.all([
    backend.stack("nami-gateway", `${target}-${region}`),
    backend.stack("nami-data", name),
  ]);
  return {
    gateway: typeof gateway?.outputs.apiId !== "string",
    data: !mongoUri && typeof data?.outputs.volumeId !== "string",
  };
}
