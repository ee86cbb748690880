import type { Properties, Property, TypeTable } from "./property-table";
import { canonical, isRecord, UNKNOWN, type Values } from "./values";

export type ChangeKind = "add" | "delete" | "update";

/** One changed input. `path` as the engine writes paths: `environment.variables.X`, `layers[0]`, `tags["a.b"]`. */
export interface Change {
  path: string;
  /** The input it lies in. */
  property: string;
  kind: ChangeKind;
  replaces: boolean;
}

export interface Difference {
  changes: Change[];
  deleteBeforeReplace: boolean;
}

type Found = Pick<Change, "path" | "kind" | "replaces">;

function join(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function sameJson(older: unknown, newer: unknown): boolean {
  if (older === newer) return true;
  try {
    return canonical(JSON.parse(String(older))) === canonical(JSON.parse(String(newer)));
  } catch {
    return false;
  }
}

function sameSet(older: unknown, newer: unknown): boolean {
  if (!Array.isArray(older) || !Array.isArray(newer)) return false;
  return canonical([...older].sort()) === canonical([...newer].sort());
}

/** Archives are what they contain: the engine has hashed both; the host knows them by their zip's sha256. */
function sameArchive(older: unknown, newer: unknown): boolean {
  if (!isRecord(older) || !isRecord(newer)) return false;
  const [before, after] = [older.hash ?? older.sha256, newer.hash ?? newer.sha256];
  return before !== undefined && before === after;
}

function diffKeys(
  older: Values,
  newer: Values,
  path: string,
  fields: Properties | undefined,
  replaces: boolean,
): Found[] {
  const keys = [...new Set([...Object.keys(older), ...Object.keys(newer)])].sort();
  return keys.flatMap((key) => {
    const field: Property = fields?.[key] ?? { type: "string" };
    return diffValue(field, older[key], newer[key], join(path, key), replaces);
  });
}

function diffLists(
  property: Property,
  older: unknown[],
  newer: unknown[],
  path: string,
  replaces: boolean,
): Found[] {
  const fields =
    typeof property.type === "object" && "list" in property.type ? property.type.list : undefined;
  const item: Property = fields ? { type: { object: fields } } : { type: "string" };
  const length = Math.max(older.length, newer.length);
  return Array.from({ length }, (_, i) =>
    diffValue(item, older[i], newer[i], `${path}[${i}]`, replaces),
  ).flat();
}

function diffValue(
  property: Property,
  older: unknown,
  newer: unknown,
  path: string,
  inherited: boolean,
): Found[] {
  const replaces = inherited || property.replaces === true || property.replacesWhen?.(older, newer) === true;
  if (older === undefined && newer === undefined) return [];
  if (older === undefined) return [{ path, kind: "add", replaces }];
  if (newer === undefined) return [{ path, kind: "delete", replaces }];
  const whole: Found[] = [{ path, kind: "update", replaces }];
  if (older === UNKNOWN || newer === UNKNOWN) return whole;
  if (property.type === "json") return sameJson(older, newer) ? [] : whole;
  if (property.type === "archive") return sameArchive(older, newer) ? [] : whole;
  if (property.type === "set" && sameSet(older, newer)) return [];
  if (Array.isArray(older) && Array.isArray(newer)) return diffLists(property, older, newer, path, replaces);
  if (isRecord(older) && isRecord(newer)) {
    const fields =
      typeof property.type === "object" && "object" in property.type ? property.type.object : undefined;
    return diffKeys(older, newer, path, fields, replaces);
  }
  return older === newer ? [] : whole;
}

/** A new resource under the old one's fixed name cannot stand beside it. */
function nameStays(table: TypeTable, older: Values, newer: Values): boolean {
  if (!table.autoName) return false;
  const { property } = table.autoName;
  const madeUp = Array.isArray(newer.__defaults) && newer.__defaults.includes(property);
  return !madeUp && newer[property] === older[property];
}

/** What changed between the inputs of the state and those of the program, and whether it can be done in place. */
export function diff(table: TypeTable, older: Values, newer: Values): Difference {
  const changes = Object.keys(table.inputs)
    .sort()
    .flatMap((name) => {
      const property = table.inputs[name]!;
      const replaces =
        (property.replacesWith !== undefined && newer[property.replacesWith] === true) ||
        (property.replacesAfter !== undefined &&
          newer[name] !== undefined &&
          older[property.replacesAfter] === true);
      const found = diffValue(property, older[name] ?? undefined, newer[name] ?? undefined, name, replaces);
      return found.map((change) => ({ ...change, property: name }));
    });
  const replaced = changes.some((change) => change.replaces);
  const deleteBeforeReplace =
    replaced && (table.deleteBeforeReplace === true || nameStays(table, older, newer));
  return { changes, deleteBeforeReplace };
}
