import { isDeepStrictEqual } from "node:util";
import type { StackSettings } from "@pulumi/pulumi/automation";
import { cliError } from "../errors";
import { readSettings } from "./config";
import { nothing, withDeployedConfig } from "./deployed-config";
import { keepSharedConfig } from "./last-config";
import { keepSettings, type Room, type Workbench } from "./room";
import { PASSPHRASE, type SecretsProvider, sameProvider } from "./secrets-provider";
import { type OpenStack, withStack } from "./stack";
import { isShared } from "./state";

/** What the engine exports, secrets in plain text: it must never be written anywhere but to the engine's stdin. */
interface Export {
  version: number;
  deployment: Record<string, unknown>;
}

/** All that makes a stack, held in memory. */
export interface StackCopy {
  exported: Export;
  /** Config by its full keys. */
  plain: Record<string, unknown>;
  secrets: Record<string, string>;
}

async function exportOf(stack: OpenStack): Promise<Export> {
  const { stdout } = await stack.call(["stack", "export", "--show-secrets", "--stack", stack.room.stack]);
  return JSON.parse(stdout) as Export;
}

async function configOf(stack: OpenStack): Promise<Pick<StackCopy, "plain" | "secrets">> {
  const { config = {} } = await readSettings(stack.workspace, stack.room.stack);
  const isSecret = (value: unknown) => JSON.stringify(value).includes('"secure":');
  const entries = Object.entries(config);
  const plain = Object.fromEntries(entries.filter(([, value]) => !isSecret(value)));
  if (entries.length === Object.keys(plain).length) return { plain, secrets: {} };
  const { stdout } = await stack.call(["config", "--show-secrets", "--json", "--stack", stack.room.stack]);
  const shown = Object.entries(JSON.parse(stdout) as Record<string, { value: string }>);
  return {
    plain,
    secrets: Object.fromEntries(
      shown.filter(([key]) => !(key in plain)).map(([key, { value }]) => [key, value]),
    ),
  };
}

/** Reads a stack out of a state. */
export function takeCopy(bench: Workbench, room: Room): Promise<StackCopy> {
  return withDeployedConfig(bench, room, async (stack) => {
    return { exported: await exportOf(stack), ...(await configOf(stack)) };
  });
}

/** How the new stack's secrets are encrypted, as its deployment says it; its settings were just made by the engine. */
function providerState({ encryptionSalt, secretsProvider, encryptedKey }: StackSettings): object {
  return encryptedKey
    ? { type: "cloud", state: { url: secretsProvider, encryptedkey: encryptedKey } }
    : { type: "passphrase", state: { salt: encryptionSalt } };
}

async function putConfig(stack: OpenStack, { plain, secrets }: StackCopy): Promise<void> {
  const name = stack.room.stack;
  const settings = await readSettings(stack.workspace, name);
  await stack.workspace.saveStackSettings(name, { ...settings, config: plain } as StackSettings);
  for (const [key, value] of Object.entries(secrets))
    await stack.call(["config", "set", "--secret", key, "--stack", name], value);
}

/** What must be the same on both sides; times, versions and keys of the state itself are not. */
function isSame(one: Export, other: Export): boolean {
  return isDeepStrictEqual(one.deployment.resources, other.deployment.resources);
}

/**
 * Puts a stack into another state, where none of its name must be, with its secrets encrypted as they are there; reads
 * it back and compares. `salt` is what an earlier copy answered, undefined for the first: all stacks of a move get the
 * same one. Throws COPY_DIFFERS.
 */
export function putCopy(
  bench: Workbench,
  room: Room,
  copy: StackCopy,
  { salt, ...move }: { from: string; to: string; salt?: string },
): Promise<string | undefined> {
  return withStack(bench, room, nothing, async (stack) => {
    await stack.init(salt);
    const settings = await readSettings(stack.workspace, room.stack);
    const { version, deployment } = copy.exported;
    const exported = { version, deployment: { ...deployment, secrets_providers: providerState(settings) } };
    await stack.call(["stack", "import", "--stack", room.stack], JSON.stringify(exported));
    await putConfig(stack, copy);
    if (
      !isSame(await exportOf(stack), copy.exported) ||
      !isDeepStrictEqual(await configOf(stack), { plain: copy.plain, secrets: copy.secrets })
    )
      throw cliError("COPY_DIFFERS", { stack: `${room.project}/${room.stack}`, ...move });
    // The config of shared state is taken from there each time; here may still lie that of the source.
    if (isShared(bench.home, bench.state)) await keepSharedConfig(bench, room, stack.dir);
    else keepSettings(bench, room, stack.dir);
    return settings.encryptionSalt;
  });
}

/** Forgets a stack with its history and backups. What it stands for stays. */
export function forgetStack(bench: Workbench, room: Room): Promise<void> {
  return withStack(bench, room, nothing, (stack) => stack.remove({ force: true }));
}

/**
 * Encrypts the secrets of a stack under another key, or under the passphrase, where it is. An interrupted run may have
 * done its state and not yet its config.
 */
export function changeProvider(
  bench: Workbench,
  room: Room,
  { now, wanted }: { now?: SecretsProvider; wanted: SecretsProvider },
): Promise<void> {
  return withDeployedConfig(bench, room, async (stack) => {
    const { secretsProvider = PASSPHRASE } = await readSettings(stack.workspace, room.stack);
    if ([now, secretsProvider].every((each) => each && sameProvider(each, wanted))) return;
    await bench.lease?.confirm();
    await stack.call(["stack", "change-secrets-provider", wanted, "--stack", room.stack]);
    await stack.keepConfig();
  });
}
