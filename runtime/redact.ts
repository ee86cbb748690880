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

/** A copy of `headers` (lower-cased names) that may be stored and shown. */
export function redactHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_HEADERS.has(name) ? REDACTED : value]),
  );
}
