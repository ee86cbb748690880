import type { Written } from "../../infra/options";
import type { Backend } from "./backend";
import type { Room, Workbench } from "./room";
import { type OpenStack, withStack } from "./stack";

/** For what works from the state alone. */
export const nothing = async () => ({});

/** Opens a stack with the config of its last deployment, for what needs no program. */
export function withDeployedConfig<T>(
  bench: Workbench,
  room: Room,
  work: (stack: OpenStack) => Promise<T>,
): Promise<T> {
  return withStack(bench, room, nothing, async (stack) => {
    await stack.freshConfig();
    return work(stack);
  });
}

/**
 * The options of a stack's last deployment, as they were typed; undefined where there was none: a stack that was begun
 * and came to nothing has no place in its config, where every deployment writes it.
 */
export async function deployedOptions(
  { bench, backend }: { bench: Workbench; backend: Backend },
  room: Room,
): Promise<Written | undefined> {
  if (!(await backend.stack(room.project, room.stack))) return undefined;
  const written = await withDeployedConfig(bench, room, (stack) => stack.written());
  return written.target === undefined ? undefined : written;
}
