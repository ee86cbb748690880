/// <reference lib="es2024.string" />

/** Names that MongoDB's driver takes for a type tag, or JavaScript for the prototype. */
const RESERVED = new Set(["_bsontype", "__proto__"]);

/**
 * An object of fields whose names a sender chose (header and query names) and which every store accepts.
 * A reserved name gets a `~` in front and NUL becomes U+FFFD: one odd header must not make an event impossible to store.
 */
export function fieldsOf<T>(entries: Iterable<[string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].map(([name, value]) => [storableName(name), value]));
}

function storableName(name: string): string {
  const text = name.replaceAll("\0", "\uFFFD").toWellFormed();
  return RESERVED.has(text) ? `~${text}` : text;
}

/** Whether a key of parsed data may become a key of a stored document unchanged. */
export function isStorableKey(key: string): boolean {
  return !RESERVED.has(key) && !key.includes("\0") && key.isWellFormed();
}
