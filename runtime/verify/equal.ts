import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two byte strings are the same, in a time that does not depend on where they differ. */
export function equalBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** For texts of unequal and secret length: of both the digests are compared. */
export function equalText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Index of the first key that fits. All are tried, so that the time does not tell which it was; null: none. */
export function fittingKey(keys: readonly string[], fits: (key: string) => boolean): number | null {
  let found: number | null = null;
  keys.forEach((key, index) => {
    // An empty key fits nothing: anybody could sign with it.
    if (key !== "" && fits(key) && found === null) found = index;
  });
  return found;
}
