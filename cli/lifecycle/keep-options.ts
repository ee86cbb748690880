import { STORED_SECRET } from "../../infra/option-values";
import { options } from "../../infra/options";
import type { Backend } from "../deployments/backend";
import { keepOptionsOf } from "../deployments/data-config";
import type { Workbench } from "../deployments/room";
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
  const written = await deployedConfig(bench, backend, name);
  if (!written) return [];
  if (hasData) await keepOptionsOf(bench, name, written);
  const gone = options.filter(({ name: option, default: usual }) => {
    const value = written[option];
    if (value === undefined) return false;
    return hasData ? value === STORED_SECRET : String(value) !== String(usual);
  });
  return gone.map(({ flag }) => `--${flag}`);
}
