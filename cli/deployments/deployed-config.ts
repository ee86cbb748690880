import type { Written } from "../../infra/options";
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

/** The options of a stack's last deployment, as they were typed. */
export function deployedOptions(bench: Workbench, room: Room): Promise<Written> {
  return withDeployedConfig(bench, room, (stack) => stack.written());
}
