/** Of the function's own answers, those to what did not pass verification: `rejected` lists nothing else. */
const NOT_VERIFIED: readonly number[] = [400, 401, 403];

/** The command that tells why a name answered an event so. */
export function whereToLook(name: string, status: number): string {
  if (NOT_VERIFIED.includes(status)) return `nami rejected ${name}`;
  return status === 500 ? `nami logs ${name} --function pre-queue` : `nami status ${name}`;
}
