import type { Properties, Property, Shape } from "./property-table";
import { isArchive, isRecord, UNKNOWN, type Values } from "./values";

/** One thing wrong with the inputs: the property's path and what is the matter. */
export interface Failure {
  property: string;
  reason: string;
}

function coerceObject(fields: Properties, value: unknown, path: string, fail: (f: Failure) => void): unknown {
  if (!isRecord(value)) {
    fail({ property: path, reason: `expected an object, got ${JSON.stringify(value)}` });
    return value;
  }
  return coerceAll(fields, value, `${path}.`, fail);
}

function coerceScalar(type: "string" | "number" | "boolean", value: unknown): unknown {
  if (typeof value === type) return value;
  // Stack config is text: "5" is a number where one is wanted, as in pulumi-aws.
  if (type === "number" && typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) {
    return Number(value);
  }
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  return undefined;
}

function coerceList(value: unknown, item: (value: unknown, index: number) => unknown): unknown {
  return Array.isArray(value) ? value.map((one, i) => (one === UNKNOWN ? one : item(one, i))) : undefined;
}

function coerceMap(value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, coerceScalar("string", one) ?? JSON.stringify(one)]),
  );
}

/** The value in the shape of its property, or undefined where it does not fit. */
function coerceShape(shape: Shape, value: unknown, path: string, fail: (f: Failure) => void): unknown {
  if (typeof shape === "object") {
    if ("object" in shape) return coerceObject(shape.object, value, path, fail);
    return coerceList(value, (one, i) => coerceObject(shape.list, one, `${path}[${i}]`, fail));
  }
  switch (shape) {
    case "json":
      return typeof value === "string" ? value : isRecord(value) ? JSON.stringify(value) : undefined;
    case "archive":
      return isArchive(value) ? value : undefined;
    case "strings":
    case "set":
      return coerceList(value, (one) => coerceScalar("string", one));
    case "map":
      return coerceMap(value);
    default:
      return coerceScalar(shape, value);
  }
}

function checkValue(property: Property, value: unknown, path: string, fail: (f: Failure) => void): void {
  if (property.only && !property.only.includes(value as string)) {
    const allowed = property.only.map((one) => JSON.stringify(one)).join(" or ");
    fail({
      property: path,
      reason: `is ${JSON.stringify(value)}; Nami's local target can do ${allowed} only`,
    });
  }
  if (typeof value !== "number") return;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = property;
  if (value < min || value > max) {
    fail({
      property: path,
      reason: `is ${value}; AWS allows ${property.min ?? "…"} to ${property.max ?? "…"}`,
    });
  }
}

function coerceOne(property: Property, value: unknown, path: string, fail: (f: Failure) => void): unknown {
  if (value === UNKNOWN) return value;
  const fitting = coerceShape(property.type, value, path, fail);
  if (fitting === undefined) {
    const wanted = typeof property.type === "string" ? property.type : Object.keys(property.type)[0];
    fail({ property: path, reason: `expected ${wanted}, got ${JSON.stringify(value)}` });
    return value;
  }
  checkValue(property, fitting, path, fail);
  return fitting;
}

/**
 * Inputs in the shape of their table, defaults filled in; what does not fit goes to `fail`.
 * Keys that begin with `__` are the engine's and the provider's own and pass.
 */
export function coerceAll(
  table: Properties,
  values: Values,
  prefix: string,
  fail: (f: Failure) => void,
): Values {
  const result: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || name.startsWith("__")) continue;
    const property = table[name];
    if (property) result[name] = coerceOne(property, value, prefix + name, fail);
    else
      fail({
        property: prefix + name,
        reason: `is not an input that Nami's local target knows; it knows: ${Object.keys(table).sort().join(", ")}`,
      });
  }
  for (const [name, property] of Object.entries(table)) {
    if (name in result) continue;
    if (property.default !== undefined) result[name] = property.default;
    else if (property.required) fail({ property: prefix + name, reason: "is required" });
  }
  return result;
}
