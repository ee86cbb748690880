import type { Backend } from "../deployments/backend";
import { withDeployedConfig } from "../deployments/deployed-config";
import type { Workbench } from "../deployments/room";
import type { KeptStack, StateResource } from "../deployments/state";
import { typeName } from "../display/diff";
import type { Progress } from "../display/progress";
import { findMade } from "../operate/find-made";

export interface Interrupted {
  bench: Workbench;
  backend: Backend;
  region: string;
  progress: Progress;
}

function called({ type, urn }: StateResource): string {
  return `${typeName(type)} ${urn.split("::").at(-1)}`;
}

function list(resources: readonly StateResource[]): string {
  return resources.map(called).join(", ");
}

function idsOf({ resources }: KeptStack): Set<string> {
  return new Set(resources.flatMap(({ type, id }) => (id === undefined ? [] : [`${type} ${id}`])));
}

/**
 * Finds again what a run was killed over while it asked for it, and has the engine know it, so that it is neither made
 * twice nor forgotten. Answers the stack as it is then. Without such a thing, nothing is asked and nothing is done.
 */
export async function settleInterrupted(work: Interrupted, kept: KeptStack): Promise<KeptStack> {
  const { bench, backend, region, progress } = work;
  const { pendingCreates: asked } = kept;
  if (asked.length === 0) return kept;
  progress.say(
    `An earlier run was interrupted while it asked for ${list(asked)}: looking whether it was made.`,
  );
  const { home, target, io } = bench;
  const { ids, unknown } = await findMade({ home, target, region, io }, asked, idsOf(kept));
  const { project, stack: name } = kept;
  await withDeployedConfig(bench, { project, stack: name }, (stack) => stack.adopt(ids));
  const now = (await backend.stack(project, name))!;
  const there = new Set(now.resources.map(({ urn, id }) => `${urn} ${id}`));
  const found = asked.filter(({ urn }) => ids.has(urn) && there.has(`${urn} ${ids.get(urn)}`));
  const gone = asked.filter((each) => !found.includes(each) && !unknown.includes(each));
  if (found.length > 0) progress.say(`Found again: ${list(found)}.`);
  if (gone.length > 0) progress.say(`Not made: ${list(gone)}.`);
  if (unknown.length > 0)
    progress.say(`Could not be looked for, and may be there twice now: ${list(unknown)}.`);
  return now;
}
