import type { StateResource } from "./state";

/** As much of an exported stack as is changed; the rest goes through untouched. */
export interface Exported {
  version: number;
  deployment: {
    resources?: EngineResource[];
    pending_operations?: { type: string; resource: EngineResource }[];
  };
}

type EngineResource = StateResource & { delete?: boolean; pendingReplacement?: boolean };

/**
 * Puts what was made into the state, where the answer would have put it, and ends every pending create: the engine keeps
 * those until somebody decides about them. (`refresh --import-pending-creates` is made for this and only drops them:
 * pulumi 3.259.0, measured.) The outputs are the inputs for now; the refresh that has to follow reads the rest, and
 * drops what is not there.
 */
export function withMade(exported: Exported, ids: ReadonlyMap<string, string>): Exported {
  const { resources = [], pending_operations: pending = [] } = exported.deployment;
  const made = pending.filter(({ type, resource }) => type === "creating" && ids.has(resource.urn));
  let all = resources;
  for (const { resource } of made) {
    all = put(all, { ...resource, id: ids.get(resource.urn)!, outputs: resource.inputs });
  }
  const others = pending.filter(({ type }) => type !== "creating");
  return { ...exported, deployment: { ...exported.deployment, resources: all, pending_operations: others } };
}

/** In the place of the one it replaces, which is to be deleted if it is still there; else at the end. */
function put(resources: EngineResource[], made: EngineResource): EngineResource[] {
  const at = resources.findIndex((each) => each.urn === made.urn && !each.delete);
  if (at < 0) return [...resources, made];
  const before = resources[at]!;
  const old = before.pendingReplacement ? [] : [{ ...before, delete: true }];
  return [...resources.slice(0, at), made, ...old, ...resources.slice(at + 1)];
}
