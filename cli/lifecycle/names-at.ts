import type { Backend } from "../deployments/backend";
import type { Room } from "../deployments/room";

/** The names whose route is in a gateway. */
export async function namesAt(backend: Backend, gateway: Room): Promise<string[]> {
  const all = await backend.names("nami");
  const stacks = await Promise.all(all.map((name) => backend.stack("nami", name)));
  return stacks.flatMap((each) =>
    each && `${each.outputs.target}-${each.outputs.region}` === gateway.stack ? [each.stack] : [],
  );
}
