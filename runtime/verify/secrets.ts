/** One secret of a name. Its number stays while others come and go, and is what a stored event tells. */
export interface VerificationSecret {
  number: number;
  value: string;
  /** ISO 8601; absent for one that came with `up --secret`. */
  addedAt?: string;
}

/**
 * Secrets as they stand in config and environment: JSON of a list, or the one secret itself. The newest first.
 * A text that only looks like such a list is a secret.
 */
export function parseSecrets(text: string | undefined): VerificationSecret[] {
  if (!text) return [];
  if (!text.startsWith('[{"number":')) return [{ number: 1, value: text }];
  try {
    return JSON.parse(text) as VerificationSecret[];
  } catch {
    return [{ number: 1, value: text }];
  }
}

export function secretsText(secrets: readonly VerificationSecret[]): string {
  return JSON.stringify(secrets.map(({ number, value, addedAt }) => ({ number, value, addedAt })));
}

/** With one more, as the newest. A number is never given twice. */
export function withSecret(
  secrets: readonly VerificationSecret[],
  value: string,
  addedAt: string,
): VerificationSecret[] {
  const last = Math.max(0, ...secrets.map(({ number }) => number));
  return [{ number: last + 1, value, addedAt }, ...secrets];
}
