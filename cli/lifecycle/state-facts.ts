import type { Backend } from "../deployments/backend";
import { readMark } from "../deployments/move-mark";
import { keptProvider } from "../deployments/secrets-provider";
import { isShared } from "../deployments/state";

/** What `nami state show --json` prints. */
export interface StateFacts {
  /** URL. */
  state: string;
  /** Whether it may be several people's. */
  shared: boolean;
  /** "passphrase", or the URL of the key; null while there are no secrets in it. */
  secretsProvider: string | null;
  /** Deployed, or half-way so. */
  names: string[];
  /** Names that are down and whose data is kept. */
  dataKept: string[];
  /** Shared gateways, as <target>-<region>. */
  gateways: string[];
  /** Who works on what, in shared state. */
  locks: { name: string; command: string; user: string; host: string; pid: number; since: string }[];
  /** Where everything was moved, or is just being moved. */
  move: { from: string; to: string; done: boolean } | null;
}

/** Looks at a state without touching it. Throws what the backend throws. */
export async function stateFacts(backend: Backend): Promise<StateFacts> {
  const store = await backend.store();
  const [names, data, gateways, holders, provider, mark] = await Promise.all([
    backend.names("nami"),
    backend.names("nami-data"),
    backend.names("nami-gateway"),
    backend.holders(),
    keptProvider(backend),
    store && readMark(store),
  ]);
  const locks = [...holders].map(([name, { command, user, host, pid, startedAt: since }]) => {
    return { name, command, user, host, pid, since };
  });
  return {
    state: backend.state,
    shared: isShared(backend.home, backend.state),
    secretsProvider: provider ?? null,
    names,
    dataKept: data.filter((name) => !names.includes(name)),
    gateways,
    locks,
    move: mark ? { from: mark.from, to: mark.to, done: mark.done === true } : null,
  };
}
