import type { OptionName, Resolved } from "../../infra/options";
import { version } from "../../infra/version";
import { hostStatus } from "../../local/host/client";
import type { Backend } from "../deployments/backend";
import type { Room, Workbench } from "../deployments/room";
import type { Chosen } from "../deployments/settings";
import { type PulumiFn, withStack } from "../deployments/stack";
import type { KeptStack } from "../deployments/state";
import { type Change, changeOf } from "../display/diff";
import type { Progress } from "../display/progress";
import { holding } from "./hold";
import { settleInterrupted } from "./interrupted";
import { isLost } from "./local-target";
import { dataFolder, recoverData } from "./lost-data";
import { gatewayRoom } from "./place";

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
  const before = await backend.stack(room.project, room.stack);
  const kept = before && (await settleInterrupted({ ...work, region: chosen.resolved.region }, before));
  const refresh = work.refresh || (await lost(work, kept));
  const { project, stack: place } = gatewayRoom(chosen.resolved);
  return withStack(bench, room, program, async (stack) => {
    await (kept ? stack.freshConfig() : stack.init((await backend.stack(project, place))?.salt));
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
      // The engine has written down its default provider by then, of which nothing exists.
      if (!kept && !begun) await stack.remove({ force: true }).catch(() => {});
      throw error;
    }
    return stack.outputs();
  });
}

/** Whether it was made by another version, or (of a name's data) with other options than are wanted now. */
function isOutdated({ outputs, project }: KeptStack, wanted: Resolved): boolean {
  if (outputs.madeBy !== version) return true;
  const made = outputs.options as Partial<Resolved>;
  const names = Object.keys(made) as OptionName[];
  return project === "nami-data" && names.some((name) => made[name] !== wanted[name]);
}

/** Whether the stack came to its end once, as it is wanted, and, on this machine, is still there. */
async function stands(work: Work, kept: KeptStack | undefined, output: string): Promise<boolean> {
  if (!kept || kept.pending || typeof kept.outputs[output] !== "string" || work.refresh) return false;
  if (isOutdated(kept, work.chosen.resolved)) return false;
  return work.bench.target !== "local" || !(await isLost(work.bench.home, kept));
}

/** On this machine the gateway's address is the host's to say: what the stack answers must follow it. */
async function hasMoved(home: string, { resolved }: Chosen, kept?: KeptStack): Promise<boolean> {
  const told = kept?.outputs.apiEndpoint;
  return (
    resolved.target === "local" && typeof told === "string" && told !== (await hostStatus(home)).publicUrl
  );
}

/** Holds what all names of a place share for as long as `work` takes. Waits when somebody else is just at it. */
export function underGatewayLock<T>(
  { bench, backend, progress, room }: Pick<Work, "bench" | "backend" | "progress"> & { room: Room },
  command: string,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  const onWait = ({ command: other, pid }: { command: string; pid: number }) =>
    progress.say(`waiting for the shared gateway: \`nami ${other}\` (pid ${pid}) is at it`);
  const patience = { seconds: GATEWAY_WAIT_SECONDS, onWait };
  const name = `nami-gateway.${room.stack}`;
  const what = { backend, io: bench.io, name, command, stacks: [room], patience };
  return holding(what, (held) => work({ ...bench, ...held }));
}

/** The gateway that all names of a target and region share. */
export async function ensureGateway(work: Work): Promise<void> {
  const { bench, backend, chosen, progress } = work;
  const room = gatewayRoom(chosen.resolved);
  const kept = () => backend.stack(room.project, room.stack);
  const moved = await hasMoved(bench.home, chosen, await kept());
  const standing = async () => !moved && stands(work, await kept(), "apiId");
  if (await standing()) return;
  await underGatewayLock({ bench, backend, progress, room }, "up", async (held) => {
    if (await standing()) return;
    progress.phase("Gateway");
    const { gatewayProgram } = await import("../../infra/gateway-program");
    await bringUpStack({ ...work, bench: held, refresh: work.refresh || moved }, room, gatewayProgram);
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

/** "missing": still to be made, its outputs are not known yet. "outdated": `up` will bring it up to date. */
export type SharedState = "fine" | "outdated" | "missing";

function stateOf(kept: KeptStack | undefined, output: string, wanted: Resolved): SharedState {
  if (typeof kept?.outputs[output] !== "string") return "missing";
  return isOutdated(kept, wanted) ? "outdated" : "fine";
}

/** What a previewing command must know: what `up` would do about the shared stacks. */
export async function sharedStates(
  backend: Backend,
  wanted: Resolved,
  name: string,
): Promise<{ gateway: SharedState; data: SharedState }> {
  const [gateway, data] = await Promise.all([
    backend.stack("nami-gateway", `${wanted.target}-${wanted.region}`),
    backend.stack("nami-data", name),
  ]);
  return {
    gateway: stateOf(gateway, "apiId", wanted),
    data: wanted.mongoUri ? "fine" : stateOf(data, "volumeId", wanted),
  };
}
