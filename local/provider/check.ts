import { createHash, randomBytes } from "node:crypto";
import { coerceAll, type Failure } from "./coerce";
import type { AutoName, TypeTable } from "./property-table";
import { present, UNKNOWN, type Values } from "./values";

export interface CheckRequest {
  /** Logical name. */
  name: string;
  olds: Values;
  news: Values;
  /** The engine's: the same for the preview and the update of one plan. */
  randomSeed: Uint8Array;
  region: string;
}

const RANDOM_DIGITS = 7;

function randomHex(seed: Uint8Array): string {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(8);
  return bytes.toString("hex").slice(0, RANDOM_DIGITS);
}

function wasAutoNamed(olds: Values, property: string): boolean {
  return Array.isArray(olds.__defaults) && olds.__defaults.includes(property);
}

/**
 * `<logical name>-<7 hex digits>`, as pulumi-aws names things; the name once made is kept. `__defaults` notes
 * that it was made up, as the Pulumi bridge does, so that an explicit name that is taken away again is replaced.
 */
function autoName(rule: AutoName, request: CheckRequest, inputs: Values, fail: (f: Failure) => void): void {
  const { property, maxLength } = rule;
  if (inputs[property] !== undefined) return;
  inputs.__defaults = [property];
  const prefix = inputs.namePrefix;
  if (wasAutoNamed(request.olds, property) && request.olds.namePrefix === prefix) {
    inputs[property] = request.olds[property];
    return;
  }
  if (prefix === UNKNOWN) {
    inputs[property] = UNKNOWN;
    return;
  }
  const name = `${prefix ?? `${request.name}-`}${randomHex(request.randomSeed)}`;
  if (name.length > maxLength) {
    fail({ property, reason: `"${name}" has ${name.length} characters; AWS allows ${maxLength}` });
  }
  inputs[property] = name;
}

function ruleFailures(table: TypeTable, inputs: Values): Failure[] {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== UNKNOWN));
  return (table.rules?.(known) ?? []).map((text) => {
    const space = text.indexOf(" ");
    return { property: text.slice(0, space), reason: text.slice(space + 1) };
  });
}

/** Validates and completes the inputs of one resource: unknown names, shapes, required ones, defaults, its name. */
export function check(table: TypeTable, request: CheckRequest): { inputs: Values; failures: Failure[] } {
  const failures: Failure[] = [];
  const fail = (failure: Failure) => failures.push(failure);
  const inputs = coerceAll(table.inputs, present(request.news), "", fail);
  if (table.inputs.region && inputs.region === undefined) inputs.region = request.region;
  if (table.autoName) autoName(table.autoName, request, inputs, fail);
  if (failures.length === 0) failures.push(...ruleFailures(table, inputs));
  return { inputs, failures };
}
