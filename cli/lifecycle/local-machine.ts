import { hostname } from "node:os";
import { HostSecret } from "../../local/host/iam/host-secret";
import { paths } from "../../local/paths";
import type { Backend } from "../deployments/backend";
import { cliError } from "../errors";

/** Which machine the local names of a shared state run on. */
interface Machine {
  /** Told from every other host, and no secret: derived from the one that the host's keys are derived from. */
  id: string;
  /** For people. */
  host: string;
}

const KEY = ".nami/host.json";

function thisMachine(home: string): Machine {
  const id = HostSecret.open(paths.host(home)).derive("id in shared state").toString("hex").slice(0, 32);
  return { id, host: hostname() };
}

/**
 * A local name runs on one machine. On another one nothing of it would be found, and to go on as if it had been lost
 * would make it a second time, or forget the one that runs. Throws HOST_ELSEWHERE.
 */
export async function refuseOtherMachine(backend: Backend, name: string): Promise<void> {
  const kept = await (await backend.sharedStore())?.read(KEY);
  if (!kept) return;
  const { id, host } = JSON.parse(kept.body.toString("utf8")) as Machine;
  if (id !== thisMachine(backend.home).id)
    throw cliError("HOST_ELSEWHERE", { name, host, state: backend.state });
}

/** From now on the local names of this state run here. Throws HOST_ELSEWHERE when another machine was quicker. */
export async function claimMachine(backend: Backend, name: string): Promise<void> {
  const store = await backend.sharedStore();
  const made = await store?.create(KEY, JSON.stringify(thisMachine(backend.home), null, 2));
  if (made === undefined) await refuseOtherMachine(backend, name);
}

/** What a move takes along: who moves a state need not sit at the machine its local names run on. */
export async function carryMachine(source: Backend, destination: Backend, stacks: string[]): Promise<void> {
  const [from, to] = await Promise.all([source.sharedStore(), destination.sharedStore()]);
  const kept = await from?.read(KEY);
  if (kept) await to?.create(KEY, kept.body.toString("utf8"));
  const local = stacks.find((id) => id.startsWith("nami-gateway/local-"));
  if (!kept && !from && local) await claimMachine(destination, local);
  await from?.remove(KEY);
}
