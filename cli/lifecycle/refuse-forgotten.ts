import type { OptionName, Written } from "../../infra/options";
import { optionNamed } from "../../infra/resolve-options";
import { presetNamed } from "../../runtime/verify/presets";
import type { Args } from "../command";
import { upFor } from "../command-line/up-for";
import { forgottenSecrets } from "../deployments/data-config";
import type { Workbench } from "../deployments/room";
import { cliError } from "../errors";
import type { Io } from "../io";

/** A MongoDB of one's own is nothing that is forgotten unseen. */
const OF_A_SENDER: readonly string[] = ["secret", "verifyToken", "codeSecrets"];

const flagOf = (name: string) => `--${optionNamed(name as OptionName).flag}`;

/** Whether the name can be without it: what a preset checks by must be there, unless its sender tells it later. */
function mayBeNone(name: string, verify: string): boolean {
  return name === "codeSecrets" || (name === "secret" && presetNamed(verify)?.secretComesLater === true);
}

/** What a person may write instead, of those flags alone that take it. */
function orNone(missing: readonly string[], verify: string): string {
  const flags = missing.filter((name) => mayBeNone(name, verify)).map(flagOf);
  return flags.length > 0
    ? `; ${flags.map((flag) => `${flag} ""`).join(" and ")} says that there is to be none`
    : "";
}

/** With what was given beside: what is meant to let fewer in must not be left out of the command. */
export function secretsForgotten(args: Args, missing: readonly string[], verify: string): Error {
  const flags = missing.map(flagOf);
  const command = [upFor(args), ...flags.map((flag) => `${flag} env:NAME`)].join(" ");
  const facts = { flags: flags.join(" and "), orNone: orNone(missing, verify), command };
  return cliError("SECRETS_FORGOTTEN", { name: args.name, ...facts });
}

/**
 * A pipeline that comes back must not come back weaker: with its secret missing, a check of the user's own could pass
 * whatever has none. Where it can be without, `""` says so. Throws SECRETS_FORGOTTEN.
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
  throw secretsForgotten(args, missing, String(verify));
}
