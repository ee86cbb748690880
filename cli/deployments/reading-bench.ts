import { ensureEngine } from "../engine/engine";
import type { Io } from "../io";
import type { Deployed } from "./deployments";
import type { Workbench } from "./room";
import { keptProvider, PASSPHRASE } from "./secrets-provider";

/** For what asks the engine about a deployed name and changes nothing: no lock, no provider of Nami's. */
export async function readingBench(
  { home, name, target, backend }: Pick<Deployed, "home" | "name" | "target" | "backend">,
  io: Io,
): Promise<Workbench> {
  const secretsProvider = (await keptProvider(backend, name)) ?? PASSPHRASE;
  return {
    home,
    io,
    engine: await ensureEngine({ home, io }),
    state: backend.state,
    secretsProvider,
    target,
  };
}
