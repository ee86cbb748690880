import type { Args } from "../command";
import { cliError } from "../errors";
import type { Io } from "../io";
import type { Backend } from "./backend";
import { passphraseEnv } from "./passphrase";
import { isShared, type KeptStack } from "./state";

/** How the secrets of a state are encrypted: "passphrase", or the URL of a key as the engine takes it. */
export type SecretsProvider = string;

export const PASSPHRASE: SecretsProvider = "passphrase";

/** The key services the engine knows (pkg/v3.259.0, secrets/cloud/manager.go). */
const KEY_URL = /^(awskms|azurekeyvault|gcpkms|hashivault):\/\/./;

/** What was asked for: `--secrets-provider`, NAMI_SECRETS_PROVIDER, else undefined. Throws USAGE. */
export function askedProvider(args: Args, io: Io, verb: string): SecretsProvider | undefined {
  const text = (args.secretsProvider as string | undefined) ?? io.env.NAMI_SECRETS_PROVIDER;
  if (!text) return undefined;
  if (text === PASSPHRASE || KEY_URL.test(text)) return text;
  const problem = `--secrets-provider is passphrase or the URL of a key, e.g. awskms://alias/nami?region=eu-central-1, not "${text}".`;
  throw cliError("USAGE", { problem, verb });
}

/** Whether two name the same key: with which region, endpoint or profile it is reached does not matter. */
export function sameProvider(one: SecretsProvider, other: SecretsProvider): boolean {
  const key = (provider: string) => provider.split("?")[0]!.replace(/^(\w+:\/\/)\/+/, "$1");
  return key(one) === key(other);
}

async function firstWithOne(
  stacks: (() => Promise<KeptStack | undefined>)[],
): Promise<SecretsProvider | undefined> {
  for (const read of stacks) {
    const provider = (await read())?.secretsProvider;
    if (provider) return provider;
  }
  return undefined;
}

/**
 * How the secrets of a name's state are encrypted; undefined while it holds none. One for the whole state: a name's
 * program reads the outputs of the shared gateway, too.
 */
export async function keptProvider(backend: Backend, name?: string): Promise<SecretsProvider | undefined> {
  const own =
    name === undefined
      ? []
      : (["nami", "nami-data"] as const).map((project) => () => backend.stack(project, name));
  const found = await firstWithOne(own);
  if (found) return found;
  for (const project of ["nami-gateway", "nami-data", "nami"] as const) {
    const names = await backend.names(project);
    const other = await firstWithOne(names.map((each) => () => backend.stack(project, each)));
    if (other) return other;
  }
  return undefined;
}

/** Throws PASSPHRASE_NEEDED where a passphrase that a team knows is needed and none was given. */
export function checkPassphrase(provider: SecretsProvider, { home, state }: Backend, io: Io): void {
  if (provider === PASSPHRASE && isShared(home, state)) passphraseEnv(home, io.env, true);
}

/**
 * What an operation on a name works with, before anything is touched: what its state has, else what is asked for.
 * Throws SECRETS_PROVIDER_CHANGED, PASSPHRASE_NEEDED, USAGE, and what the backend throws.
 */
export async function providerFor(
  args: Args,
  io: Io,
  backend: Backend,
  verb: string,
): Promise<SecretsProvider> {
  const asked = askedProvider(args, io, verb);
  const kept = await keptProvider(backend, args.name || undefined);
  if (asked && kept && !sameProvider(asked, kept)) {
    throw cliError("SECRETS_PROVIDER_CHANGED", { state: backend.state, was: kept, wanted: asked });
  }
  const provider = kept ?? asked ?? PASSPHRASE;
  checkPassphrase(provider, backend, io);
  return provider;
}
