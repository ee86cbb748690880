import { rehearsalOf } from "../../local/rehearsal";
import { ensureEngine } from "../engine/engine";
import type { Io } from "../io";
import type { Lease } from "./lease";
import type { Workbench } from "./room";
import type { SecretsProvider } from "./secrets-provider";
import { stateFolder } from "./state";
import { removeTornAttributes } from "./torn-attributes";

export interface WorkbenchRequest {
  home: string;
  io: Io;
  /** Of the name that is worked on, where the state is shared. */
  lease?: Lease;
  /** URL of the state backend. */
  state: string;
  secretsProvider: SecretsProvider;
  target: string;
  region: string;
  verbose: boolean;
}

/** grpc-js takes `https_proxy` even for the engine's own addresses on this machine, unless it is told not to. */
function keepProxyOut(): void {
  process.env.no_grpc_proxy ??= "127.0.0.1,localhost";
}

/** The engine, and for the local target Nami's provider, for as long as `work` takes. */
export async function withWorkbench<T>(
  { home, io, lease, state, secretsProvider, target, region, verbose }: WorkbenchRequest,
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  keepProxyOut();
  const folder = stateFolder(state);
  if (folder) removeTornAttributes(folder);
  const engine = await ensureEngine({ home, io });
  const onText = verbose ? (text: string) => io.err.write(text) : undefined;
  const bench: Workbench = { home, io, lease, engine, state, secretsProvider, target, onText };
  if (target !== "local") return work(bench);
  const { startProvider } = await import("../../local/provider/provider");
  const provider = await startProvider({ home, region, rehearsal: rehearsalOf(io.env) });
  try {
    return await work({ ...bench, providerPort: provider.port });
  } finally {
    await provider.close();
  }
}
