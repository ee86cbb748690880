import { isRecord, type Values } from "../values";

/** `filters` of a lookup, by name. @throws Error that names a filter the local target does not know */
export function filtersOf(what: string, args: Values, known: readonly string[]): Map<string, string[]> {
  const list = Array.isArray(args.filters) ? args.filters.filter(isRecord) : [];
  const found = new Map(
    list.map((filter) => [String(filter.name), ((filter.values as unknown[]) ?? []).map(String)]),
  );
  const other = [...found.keys()].find((name) => !known.includes(name));
  if (!other) return found;
  throw new Error(`${what}: the local target has no filter "${other}"; it knows: ${known.join(", ")}`);
}

/** Whether a wished-for value, if there is one, is the one that is there. */
export function fits(wished: unknown, is: unknown): boolean {
  return wished === undefined || wished === null || wished === is;
}

/** Whether a filter, if there is one, holds the value. */
export function passes(filter: string[] | undefined, value: unknown): boolean {
  return filter === undefined || filter.includes(String(value));
}

/** Whether all wished-for tags are there. */
export function hasTags(wished: unknown, tags: unknown): boolean {
  const own = (tags ?? {}) as Values;
  return Object.entries((wished ?? {}) as Values).every(([name, value]) => own[name] === value);
}
