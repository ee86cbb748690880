import { secretReference } from "../../infra/option-values";
import type { Preset } from "../../runtime/verify/preset";
import { parseSecrets } from "../../runtime/verify/secrets";
import type { Args } from "../command";
import { deployedSecret } from "../deployments/deployed-secret";
import { secretFrom, secretMissing } from "../deployments/new-secrets";
import { movedBackend } from "../deployments/places";
import { keptProvider, PASSPHRASE } from "../deployments/secrets-provider";
import { ensureEngine } from "../engine/engine";
import { cliError } from "../errors";
import type { Io } from "../io";
import { makeKey, type Sender } from "./sender";

interface Deployed {
  home: string;
  name: string;
  target: string;
  outputs: Record<string, unknown>;
}

/** The newest secret of a name: with it the provider would sign. */
async function newestSecret(
  { home, name, target }: Deployed,
  args: Args,
  io: Io,
): Promise<string | undefined> {
  const backend = await movedBackend(home, io, name, args.state);
  const secretsProvider = (await keptProvider(backend, name)) ?? PASSPHRASE;
  const engine = await ensureEngine({ home, io });
  const bench = { home, io, engine, state: backend.state, secretsProvider, target };
  return parseSecrets(await deployedSecret(bench, name, "secret"))[0]?.value;
}

/**
 * With what an example is signed: `--secret`; else the deployment's own, where it verifies the same preset; else one made
 * up, which nobody checks or which is refused. Throws SECRET_MISSING, USAGE, SEND_NEEDS_KEY.
 */
export async function signingKey(
  deployed: Deployed,
  { preset, sender }: { preset: Preset; sender: Sender },
  args: Args,
  io: Io,
): Promise<string> {
  if (args.secret !== undefined) {
    const reference = secretReference(String(args.secret));
    if (!reference || reference.from === "config")
      throw cliError("USAGE", { problem: "--secret is @-, env:NAME or file:PATH.", verb: "send" });
    const key = await secretFrom(reference, "secret", io);
    if (key === "") throw secretMissing("secret", String(args.secret), io);
    return key;
  }
  if (deployed.outputs.verify !== preset.name) return makeKey(sender).key;
  if (sender.asymmetric) throw cliError("SEND_NEEDS_KEY", { preset: preset.name, name: deployed.name });
  return (await newestSecret(deployed, args, io)) ?? makeKey(sender).key;
}
