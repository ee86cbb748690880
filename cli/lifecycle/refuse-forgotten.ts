import type { OptionName, Written } from "../../infra/options";
import { optionNamed } from "../../infra/resolve-options";
import type { Args } from "../command";
import { forgottenSecrets } from "../deployments/data-config";
import type { Workbench } from "../deployments/room";
import { cliError } from "../errors";
import type { Io } from "../io";

/** A MongoDB of one's own is nothing that is forgotten unseen. */
const OF_A_SENDER: readonly string[] = ["secret", "verifyToken", "codeSecrets"];

/**
 * A pipeline that comes back must not come back weaker: with its secret missing, a check of the user's own could pass
 * whatever has none. `--code-secrets ""` says that there is to be none. Throws SECRETS_FORGOTTEN.
 */
export async function refuseForgotten(
  args: Args,
  io: Io,
  { bench, before }: { bench: Workbench; before: Written | undefined },
): Promise<void> {
  const said = (name: string) => args[name] ?? io.env[optionNamed(name as OptionName).env];
  const verify = before?.verify ?? "none";
  const samePreset = (said("verify") ?? verify) === verify;
  const forgotten = await forgottenSecrets(bench, args.name);
  const missing = forgotten.filter(
    (name) =>
      OF_A_SENDER.includes(name) &&
      // A pipeline that was begun meanwhile may have been given it.
      before?.[name as OptionName] === undefined &&
      said(name) === undefined &&
      (name === "codeSecrets" || samePreset),
  );
  if (missing.length === 0) return;
  const flags = missing.map((name) => `--${optionNamed(name as OptionName).flag}`);
  const given = flags.map((flag) => `${flag} env:NAME`).join(" ");
  throw cliError("SECRETS_FORGOTTEN", { name: args.name, flags: flags.join(" and "), given });
}
