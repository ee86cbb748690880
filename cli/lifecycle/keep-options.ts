import { STORED_SECRET } from "../../infra/option-values";
import { options } from "../../infra/options";
import type { Backend } from "../deployments/backend";
import { keepOptionsIn } from "../deployments/kept-options";
import type { Workbench } from "../deployments/room";
import { withStack } from "../deployments/stack";
import { deployedConfig } from "./decide";

/**
 * What a pipeline that goes was deployed with is kept with the name's data, for the next `up`. A secret is encrypted for
 * its own stack and goes with that; without data of the name there is nothing to keep it with.
 * Answers the flags of what is not kept.
 */
export async function keepOptions(
  { bench, backend, hasData }: { bench: Workbench; backend: Backend; hasData: boolean },
  name: string,
): Promise<string[]> {
  const written = (await deployedConfig(bench, backend, name)) ?? {};
  if (hasData) {
    const room = { project: "nami-data", stack: name } as const;
    await withStack(
      bench,
      room,
      async () => ({}),
      async (stack) => {
        await stack.freshConfig();
        await keepOptionsIn(stack, written);
      },
    );
  }
  const gone = options.filter(({ name: option, scope }) => {
    const value = written[option];
    return scope !== "place" && value !== undefined && (!hasData || value === STORED_SECRET);
  });
  return gone.map(({ flag }) => `--${flag}`);
}
