import type { Preset } from "../../runtime/verify/preset";
import { parseSecrets } from "../../runtime/verify/secrets";
import type { Args } from "../command";
import { deployedSecret } from "../deployments/deployed-secret";
import type { Deployed } from "../deployments/deployments";
import { typedSecret } from "../deployments/new-secrets";
import { readingBench } from "../deployments/reading-bench";
import { cliError } from "../errors";
import type { Io } from "../io";
import { makeKey, type Sender } from "./sender";

/** The newest secret of a name: with it the provider would sign. */
async function newestSecret(deployed: Deployed, io: Io): Promise<string | undefined> {
  const bench = await readingBench(deployed, io);
  return parseSecrets(await deployedSecret(bench, deployed.name, "secret"))[0]?.value;
}

/**
 * With what an example is signed: `--secret`; else the deployment's own, where it verifies the same preset; else one made
 * up, which nobody checks or which is refused. Throws SECRET_MISSING, USAGE, SEND_NEEDS_KEY, SEND_CERTIFICATE.
 */
export async function signingKey(
  deployed: Deployed,
  { preset, sender }: { preset: Preset; sender: Sender },
  args: Args,
  io: Io,
): Promise<string> {
  const { name, outputs } = deployed;
  const looksAtIt = outputs.verify === preset.name;
  const { privateKey } = sender;
  if (looksAtIt && privateKey === "certificate")
    throw cliError("SEND_CERTIFICATE", { preset: preset.name, title: preset.title, name });
  if (args.secret !== undefined) {
    const key = await typedSecret(String(args.secret), "--secret", io);
    if (key !== undefined) return key;
    throw cliError("USAGE", { problem: "--secret is @-, env:NAME or file:PATH.", verb: "send" });
  }
  if (!looksAtIt || privateKey === "certificate") return makeKey(sender).key;
  if (privateKey) throw cliError("SEND_NEEDS_KEY", { preset: preset.name, name, pair: privateKey.make });
  return (await newestSecret(deployed, io)) ?? makeKey(sender).key;
}
