export const REDACTED = "[redacted]";

/** Headers whose value *is* the secret. A signature is not one: it proves a secret without telling it. */
const SECRET_HEADERS = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
  "api-key",
  "apikey",
  "x-auth-token",
  "x-access-token",
  "x-amz-security-token",
  "x-gitlab-token",
  "x-hook-secret",
  "x-telegram-bot-api-secret-token",
  "nami-probe",
]);

/**
 * A copy of `headers` (lower-cased names) that may be stored and shown.
 * @param places what a verification scheme adds: `header:x-token`
 */
export function redactHeaders(
  headers: Record<string, string>,
  places: readonly string[] = [],
): Record<string, string> {
  const isSecret = (name: string) => SECRET_HEADERS.has(name) || places.includes(`header:${name}`);
  return redacted(headers, isSecret);
}

/** A copy of a query that may be stored and shown; `places` as `query:code`. */
export function redactQuery<T>(
  query: Record<string, T>,
  places: readonly string[],
): Record<string, T | string> {
  return redacted(query, (name) => places.includes(`query:${name}`));
}

function redacted<T>(
  fields: Record<string, T>,
  isSecret: (name: string) => boolean,
): Record<string, T | string> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecret(name) ? REDACTED : value]));
}
