import type { Written } from "../../infra/options";
import { resolve } from "../../infra/resolve-options";
import { throttlesByName } from "../../infra/throttles";
import type { Args } from "../command";
import type { Backend } from "../deployments/backend";
import { deployedOptions } from "../deployments/deployed-config";
import type { Room, Workbench } from "../deployments/room";
import { chooseOptions } from "../deployments/settings";
import type { Change } from "../display/diff";
import type { Progress } from "../display/progress";
import { cliError } from "../errors";
import type { Io } from "../io";
import { namesAt } from "./names-at";
import { bringUpStack, underGatewayLock } from "./shared-stacks";

/** What a change of the shared gateway works with. */
export interface GatewayWork {
  bench: Workbench;
  backend: Backend;
  progress: Progress;
  room: Room;
}

async function bringUp(work: GatewayWork, written: Written): Promise<Change[]> {
  const { gatewayProgram } = await import("../../infra/gateway-program");
  const kept = await work.backend.stack(work.room.project, work.room.stack);
  const { accountId } = kept?.outputs ?? {};
  const changes: Change[] = [];
  const chosen = {
    of: "gateway" as const,
    written,
    secrets: {},
    resolved: resolve(written),
    ...(typeof accountId === "string" && { account: accountId }),
  };
  await bringUpStack({ ...work, chosen, changes, refresh: false }, work.room, gatewayProgram);
  return changes;
}

/** Of a stage that is told no throttle for all routes any more, AWS and its provider leave the one it has. */
function refuseTakingBack(before: Written | undefined, now: Written): void {
  const was = before?.throttleRate;
  if (was === undefined || now.throttleRate !== undefined) return;
  const { target, region } = resolve(now);
  throw cliError("THROTTLE_STAYS", { was, target, region });
}

/** A stage knows a throttle by its route, and refuses one whose route is not there. */
async function refuseUnknownNames(
  { backend, room }: GatewayWork,
  throttles: string | undefined,
): Promise<void> {
  const deployed = await namesAt(backend, room);
  const unknown = [...throttlesByName(throttles).keys()].find((name) => !deployed.includes(name));
  if (unknown === undefined) return;
  const known =
    deployed.length > 0 ? `Deployed there: ${deployed.join(", ")}.` : "Nothing is deployed there.";
  throw cliError("NAME_UNKNOWN", { name: unknown, known });
}

/**
 * Brings the gateway up with what was asked for over what it has. Throws OPTIONS_INVALID, THROTTLE_STAYS,
 * and NAME_UNKNOWN for the throttle of a name that is not deployed.
 */
export function setGateway(args: Args, io: Io, work: GatewayWork): Promise<Change[]> {
  return underGatewayLock(work, "gateway set", async (bench) => {
    const held = { ...work, bench };
    const before = await deployedOptions(held, held.room);
    const { written, resolved } = await chooseOptions(args, io, before, "gateway");
    refuseTakingBack(before, written);
    await refuseUnknownNames(held, resolved.throttles);
    return bringUp(held, written);
  });
}

function without(throttles: string, name: string): string | undefined {
  const entries = throttles.split(",").filter((entry) => entry.split("=")[0] !== name);
  return entries.length > 0 ? entries.join(",") : undefined;
}

/** A name's own throttle that went with its route. */
export interface DroppedThrottle {
  /** As --throttles takes it: "orders=200/400". */
  entry: string;
  /** Once the route is there again. */
  putBack(): Promise<void>;
}

/**
 * Takes a name's own throttle out of the gateway, whose stage must not name a route that goes; undefined when the name
 * has none.
 */
export async function dropThrottle(work: GatewayWork, name: string): Promise<DroppedThrottle | undefined> {
  const kept = await work.backend.stack(work.room.project, work.room.stack);
  const { throttles } = (kept?.outputs.options ?? {}) as { throttles?: string };
  const own = throttlesByName(throttles).get(name);
  if (!own) return undefined;
  const change = (to: (throttles: string | undefined) => string | undefined) =>
    underGatewayLock(work, `down ${name}`, async (bench) => {
      const { throttles: now, ...rest } = (await deployedOptions({ ...work, bench }, work.room)) ?? {};
      const next = to(now === undefined ? undefined : String(now));
      await bringUp({ ...work, bench }, next ? { ...rest, throttles: next } : rest);
    });
  await change((now) => now && without(now, name));
  const entry = `${name}=${own.throttlingRateLimit}/${own.throttlingBurstLimit}`;
  const putBack = () =>
    change((now) => (now ? `${without(now, name) ?? ""},${entry}`.replace(/^,/, "") : entry));
  return { entry, putBack };
}
