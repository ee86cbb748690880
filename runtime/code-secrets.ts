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
  for (const [name, value] of Object.entries(parse(variables[CODE_SECRETS]))) secrets[name] = String(value);
  return Object.freeze(secrets);
}

function parse(text: string | undefined): Record<string, unknown> {
  if (!text) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse quotes what it could not read.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error(`The environment variable ${CODE_SECRETS} is no JSON object of names and values.`);
}
