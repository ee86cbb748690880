import { env } from "node:process";

/** What user code reads its secrets from: JSON, one object of name → value. */
export const CODE_SECRETS = "NAMI_CODE_SECRETS";

export type CodeSecrets = Readonly<Record<string, string | undefined>>;

/**
 * The secrets of the user's code, by name: frozen, without a prototype, so that a name that was not set is undefined
 * whatever it is. Throws at a cold start for what is no such object, without a word of what it says.
 */
export function codeSecrets(variables: NodeJS.ProcessEnv = env): CodeSecrets {
  const secrets: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(secretsByName(variables[CODE_SECRETS])))
    secrets[name] = String(value);
  return Object.freeze(secrets);
}

/** JSON of names and values → by name. Throws for anything else, without a word of what it says. */
export function secretsByName(text: string | undefined): Record<string, string> {
  if (!text) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse quotes what it could not read.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, string>;
  throw new Error(`${CODE_SECRETS}, the secrets of your code, is no JSON object of names and values.`);
}
