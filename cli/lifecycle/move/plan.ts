import type { Backend } from "../../deployments/backend";
import type { Room } from "../../deployments/room";
import type { Project } from "../../deployments/state";
import { cliError } from "../../errors";

/** Gateways last: until all names are gone from a state, its gateway is somebody's. */
const PROJECTS: readonly Project[] = ["nami-data", "nami", "nami-gateway"];

export const idOf = ({ project, stack }: Room) => `${project}/${stack}`;

export function roomOf(id: string): Room {
  const [project, stack] = id.split("/") as [Project, string];
  return { project, stack };
}

/** Every stack of Nami's in a state. Of other projects' that may lie there too, nothing is known or touched. */
export async function stacksIn(backend: Backend): Promise<Room[]> {
  const names = await Promise.all(PROJECTS.map((project) => backend.names(project)));
  return PROJECTS.flatMap((project, i) => names[i]!.map((stack) => ({ project, stack })));
}

/** The engine forgets what it was at when a stack is moved: that must be settled before. Throws STACK_UNSETTLED. */
async function refuseUnsettled(source: Backend, rooms: Room[]): Promise<void> {
  const stacks = await Promise.all(rooms.map(({ project, stack }) => source.stack(project, stack)));
  const pending = stacks.filter((each) => each?.pending).map((each) => each!);
  if (pending.length === 0) return;
  const named = pending.find(({ project }) => project !== "nami-gateway") ?? pending[0]!;
  throw cliError("STACK_UNSETTLED", {
    stacks: pending.map(idOf).join(", "),
    name: named.project === "nami-gateway" ? "<name>" : named.stack,
  });
}

/**
 * What is to be moved. `mine` are the stacks that an interrupted run of the same move has put there already.
 * Throws STATE_EMPTY, STATE_TAKEN, STACK_UNSETTLED.
 */
export async function planMove(
  source: Backend,
  destination: Backend,
  mine: readonly string[],
): Promise<Room[]> {
  const [rooms, there] = await Promise.all([stacksIn(source), stacksIn(destination)]);
  if (rooms.length === 0 && mine.length === 0) throw cliError("STATE_EMPTY", { state: source.state });
  const wanted = new Set(rooms.map(idOf));
  const taken = there.map(idOf).filter((id) => wanted.has(id) && !mine.includes(id));
  if (taken.length > 0) throw cliError("STATE_TAKEN", { to: destination.state, stacks: taken.join(", ") });
  await refuseUnsettled(source, rooms);
  return rooms;
}
