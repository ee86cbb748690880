import { STORED_SECRET } from "../../infra/option-values";
import type { Written } from "../../infra/options";
import { secretsByName } from "../../runtime/code-secrets";
import { presetNamed } from "../../runtime/verify/presets";
import { lastNumber, parseSecrets, secretsText, type VerificationSecret } from "../../runtime/verify/secrets";
import { deployedSecret } from "../deployments/deployed-secret";
import { aboutSecret, SECRET_ROOM } from "../deployments/new-secrets";
import type { Workbench } from "../deployments/room";
import type { Chosen } from "../deployments/settings";
import { cliError } from "../errors";

/** What `nami secret` asks of an `up`: one more, or one less. `as`: of the user's code, by its name. */
export type SecretChange =
  | { add: string; as?: string }
  | { remove: number; as?: undefined }
  | { remove?: undefined; as: string };

interface Where {
  bench: Workbench;
  name: string;
  before: Written | undefined;
  now: Date;
}

/** What was deployed before; a name that is new has nothing. */
async function kept(
  { bench, name, before }: Where,
  option: "secret" | "codeSecrets",
): Promise<string | undefined> {
  return before?.[option] === undefined ? undefined : deployedSecret(bench, name, option);
}

/** The options with a secret replaced: its value goes into the config, in which it was before or will be. */
function withValue(
  chosen: Chosen,
  name: string,
  option: "secret" | "codeSecrets",
  value: string | undefined,
): Chosen {
  const { [option]: _written, ...written } = chosen.written;
  const { [option]: _value, ...secrets } = chosen.secrets;
  if (value === undefined) return { ...chosen, written, secrets };
  const have = Buffer.byteLength(value);
  if (have > SECRET_ROOM)
    throw cliError("SECRET_TOO_LARGE", {
      what: `With that, the list of all secrets of ${option === "secret" ? name : `the code of ${name}`}`,
      have,
      limit: SECRET_ROOM,
      hint: `nami secret list ${name}`,
    });
  return {
    ...chosen,
    written: { ...written, [option]: STORED_SECRET },
    secrets: { ...secrets, [option]: value },
    resolved: { ...chosen.resolved, [option]: { from: "config" } },
  };
}

/** The secrets that are deployed, and the highest number that was given. */
async function before(where: Where): Promise<{ secrets: VerificationSecret[]; last: number }> {
  const text = await kept(where, "secret");
  return { secrets: parseSecrets(text), last: lastNumber(text) };
}

/** A new one, with the next number, before those that stay. */
function withNew(
  chosen: Chosen,
  { name, now }: Where,
  value: string,
  last: number,
  stay: VerificationSecret[] = [],
): Chosen {
  const one = { number: last + 1, value, addedAt: now.toISOString() };
  return withValue(chosen, name, "secret", secretsText([one, ...stay], last + 1));
}

/**
 * A secret that is typed takes the place of those before it, but not their numbers: stored events tell by which one they
 * were verified. One that counts already changes nothing, also while there are others: an `up` that is run again and again
 * must not end a rotation.
 */
async function replaced(chosen: Chosen, where: Where, typed: string): Promise<Chosen> {
  const { secrets, last } = await before(where);
  if (last === 0) return chosen;
  const samePreset = where.before?.verify === chosen.resolved.verify;
  if (samePreset && secrets.some(({ value }) => value === typed)) return withoutValue(chosen);
  return withNew(chosen, where, typed, last);
}

/** What is in the config stays there. */
function withoutValue(chosen: Chosen): Chosen {
  const { secret: _, ...secrets } = chosen.secrets;
  return { ...chosen, secrets };
}

async function added(chosen: Chosen, where: Where, value: string): Promise<Chosen> {
  const { verify } = chosen.resolved;
  const preset = presetNamed(verify);
  if (preset?.secret === undefined) throw cliError("SECRET_UNUSED", { name: where.name, verify });
  const problem = preset.secretProblem?.(value);
  const facts = { what: "The secret", hint: aboutSecret("secret", verify) };
  if (problem) throw cliError("SECRET_INVALID", { ...facts, problem });
  const { secrets, last } = await before(where);
  const known = secrets.find((secret) => secret.value === value);
  if (known) throw cliError("SECRET_KNOWN", { name: where.name, number: known.number });
  return withNew(chosen, where, value, last, secrets);
}

async function removed(chosen: Chosen, where: Where, number: number): Promise<Chosen> {
  const { name } = where;
  const { secrets, last } = await before(where);
  const left = secrets.filter((secret) => secret.number !== number);
  if (left.length === secrets.length) throw cliError("SECRET_UNKNOWN", { name, secret: `number ${number}` });
  if (left.length === 0) throw cliError("SECRET_LAST", { name });
  return withValue(chosen, name, "secret", secretsText(left, last));
}

/** `nami secret` changes what it says: a secret that stands in the environment is none of its business. */
function asDeployed(chosen: Chosen, { before }: Where): Chosen {
  const { secret: _secret, codeSecrets: _code, ...secrets } = chosen.secrets;
  const written = { ...chosen.written };
  for (const option of ["secret", "codeSecrets"] as const) {
    if (before?.[option] === undefined) delete written[option];
    else written[option] = STORED_SECRET;
  }
  return { ...chosen, written, secrets };
}

async function codeSecrets(chosen: Chosen, where: Where, as: string, value?: string): Promise<Chosen> {
  const old = secretsByName(await kept(where, "codeSecrets"));
  if (value === undefined && old[as] === undefined)
    throw cliError("SECRET_UNKNOWN", { name: where.name, secret: as });
  const { [as]: _, ...others } = old;
  const now = value === undefined ? others : { ...others, [as]: value };
  const text = Object.keys(now).length > 0 ? JSON.stringify(now) : undefined;
  return withValue(chosen, where.name, "codeSecrets", text);
}

/**
 * The options of an `up` with its secrets as they are to be afterwards.
 * Throws SECRET_UNUSED, SECRET_KNOWN, SECRET_UNKNOWN, SECRET_LAST, SECRET_INVALID, SECRET_TOO_LARGE.
 */
export function settleSecrets(
  asked: Chosen,
  change: SecretChange | undefined,
  where: Where,
): Promise<Chosen> {
  const chosen = change ? asDeployed(asked, where) : asked;
  if (change?.as !== undefined)
    return codeSecrets(chosen, where, change.as, "add" in change ? change.add : undefined);
  if (change && "add" in change) return added(chosen, where, change.add);
  if (change?.remove !== undefined) return removed(chosen, where, change.remove);
  const typed = chosen.secrets.secret;
  return typed === undefined ? Promise.resolve(chosen) : replaced(chosen, where, typed);
}
