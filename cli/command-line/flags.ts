import { durationText, range } from "../../infra/option-values";
import { type Option, options, optionsOf } from "../../infra/options";
import { refuseWrongValues } from "../../infra/resolve-options";
import type { Args, Command, Flag } from "../command";

/** What every command takes. */
const common: readonly Flag[] = [
  { name: "json", type: "boolean", describe: "Print facts and errors as JSON" },
  { name: "yes", type: "boolean", alias: "y", describe: "Answer every question with yes" },
  { name: "quiet", type: "boolean", alias: "q", describe: "No progress, only results and errors" },
  { name: "verbose", type: "boolean", describe: "Also show what the engine says" },
  {
    name: "state",
    type: "string",
    placeholder: "URL",
    describe: "Where state is kept, e.g. s3://bucket (NAMI_STATE; default: under NAMI_HOME)",
  },
  { name: "help", type: "boolean", alias: "h", describe: "Show this page" },
];

export const commonFlags: readonly Flag[] = common.map((flag) => ({ ...flag, section: "Everywhere" }));

/** Of `up` and its preview. */
export const upgradeHostFlag: Flag = {
  name: "upgrade-host",
  type: "boolean",
  describe:
    "Put the newest image under MongoDB: a new host, with the same volume, while events wait in the queue",
};

/** Of the commands that can begin a state, or change how its secrets are encrypted. */
export const secretsProviderFlag: Flag = {
  name: "secrets-provider",
  type: "string",
  placeholder: "passphrase|URL",
  describe:
    "What encrypts secrets in the state, e.g. awskms://alias/nami (NAMI_SECRETS_PROVIDER; default: passphrase)",
};

const placeholders = {
  choice: "",
  integer: "N",
  duration: "TIME",
  text: "TEXT",
  secret: "@-|env:NAME|file:PATH",
  file: "FILE",
} as const;

function defaultText({ default: value, kind }: Option): string {
  if (value === undefined) return "";
  return `, default ${kind === "duration" && typeof value === "number" ? durationText(value) : value}`;
}

/** Many choices have a page of their own. */
function choicesText({ choices = [], name }: Option): string {
  return choices.length > 20 ? name.toUpperCase() : choices.join("|");
}

/** An option of the schema as a flag. All are text here: the schema itself reads and judges the values. */
export function optionFlag(option: Option): Flag {
  // Choices stand as the placeholder already.
  const bounds = ["file", "secret", "choice"].includes(option.kind) ? "" : range(option);
  const facts = [bounds + defaultText(option), option.env].filter(Boolean).join("; ");
  return {
    name: option.flag,
    section: option.section,
    type: "string",
    describe: `${option.text} (${facts.replace(/^, /, "")})`,
    placeholder: placeholders[option.kind] || choicesText(option),
  };
}

/** Where a name lives, and as whom one goes there. */
const placeOptions = options.filter(({ scope }) => scope === "place" || scope === "person");

/** What every command takes of the options. */
export const placeFlags: readonly Flag[] = placeOptions.map(optionFlag);

/** What every command takes is judged by every command. Throws OPTIONS_INVALID. */
export function checkPlace(args: Args): void {
  const given = placeOptions.filter(({ name }) => args[name] !== undefined && args[name] !== "");
  refuseWrongValues(Object.fromEntries(given.map(({ name }) => [name, String(args[name])])));
}

/** All flags that are accepted by a command, common ones last. A command's own flag wins over one of the same name. */
export function flagsOf({ flags: own = [], takesOptions }: Command): readonly Flag[] {
  const chosen = takesOptions ? optionsOf(takesOptions).map(optionFlag) : [];
  const seen = new Set<string>();
  return [...own, ...chosen, ...placeFlags, ...commonFlags].filter(
    ({ name }) => !seen.has(name) && seen.add(name),
  );
}
