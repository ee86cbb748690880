import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { createDurably } from "../../local/durable";
import { paths } from "../../local/paths";
import { cliError } from "../errors";

/** Makes NAMI_HOME/passphrase once, mode 0600; of two who come at once, one makes it and both use it. */
function ownPassphrase(home: string): string {
  const path = paths.passphrase(home);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  // Nothing may be encrypted with a passphrase that a power cut could take away.
  createDurably(path, randomBytes(32).toString("base64url"));
  return path;
}

/**
 * The variables that tell the engine how secrets in state are encrypted: PULUMI_CONFIG_PASSPHRASE as given,
 * else the passphrase of this NAMI_HOME. State that a team shares needs one that the team knows: throws PASSPHRASE_NEEDED.
 */
export function passphraseEnv(home: string, env: NodeJS.ProcessEnv, shared: boolean): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = env;
  if (given !== undefined) return { PULUMI_CONFIG_PASSPHRASE: given };
  if (!shared) return { PULUMI_CONFIG_PASSPHRASE_FILE: ownPassphrase(home) };
  if (file) return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
  throw cliError("PASSPHRASE_NEEDED");
}
