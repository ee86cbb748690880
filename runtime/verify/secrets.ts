/** One secret of a name. Its number stays while others come and go, and is what a stored event tells. */
export interface VerificationSecret {
  number: number;
  value: string;
  /** ISO 8601; absent for one that came with `up --secret`. */
  addedAt?: string;
}

/** All entries of the text: one without a value only remembers the highest number that was given. */
function entries(text: string | undefined): VerificationSecret[] {
  if (!text) return [];
  if (!text.startsWith('[{"number":')) return [{ number: 1, value: text }];
  try {
    return JSON.parse(text) as VerificationSecret[];
  } catch {
    return [{ number: 1, value: text }];
  }
}

/**
 * Secrets as they stand in config and environment: JSON of a list, or the one secret itself. The newest first.
 * A text that only looks like such a list is a secret.
 */
export function parseSecrets(text: string | undefined): VerificationSecret[] {
  return entries(text).filter(({ value }) => value !== "");
}

/** The highest number that was ever given; 0 when none was. */
export function lastNumber(text: string | undefined): number {
  return Math.max(0, ...entries(text).map(({ number }) => number));
}

/** The inverse of parseSecrets. `last`: the highest number ever given, also to one that has gone. */
export function secretsText(secrets: readonly VerificationSecret[], last: number): string {
  const known = secrets.some(({ number }) => number >= last);
  const all = known ? secrets : [...secrets, { number: last, value: "" }];
  return JSON.stringify(all.map(({ number, value, addedAt }) => ({ number, value, addedAt })));
}
