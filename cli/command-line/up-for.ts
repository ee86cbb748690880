import { options } from "../../infra/options";
import type { Args } from "../command";
import { shellQuote } from "../operate/shell-quote";
import { withHandlerHint } from "./handler-hint";

/** The `up` with the options of these arguments, but for one flag: of a preview, or once more after a failure. */
export function upFor(args: Args, without?: string): string {
  const more = { state: "state", secretsProvider: "secrets-provider" };
  const kept = Object.entries(more).map(([name, flag]) => ({ name, flag }));
  const given = [...options, ...kept].filter(
    ({ name, flag }) => args[name] !== undefined && flag !== without,
  );
  const flags = given.map(({ name, flag }) => ` --${flag} ${shellQuote(String(args[name]))}`);
  const upgrade = args.upgradeHost ? " --upgrade-host" : "";
  return `nami up ${args.name}${flags.join("")}${upgrade}`;
}

/**
 * What is wrong with the user's code, with a hint that repeats what was given: of a name that is not deployed yet nothing
 * is kept, and an `up` without --verify would open a URL that nobody checks. Any other error comes back as it is.
 */
export function repeatingFlags(error: unknown, args: Args): unknown {
  return withHandlerHint(error, (hint) => {
    const [another, flag] = /--(\S+) FILE$/.exec(hint) ?? [];
    return another ? `${upFor(args, flag)} ${another}` : upFor(args);
  });
}
