import assert from "node:assert/strict";
import type { Graph, Recorded } from "./pulumi-mocks";

/**
 * By `<type's last part> <name>.<path of the input>`: the new value of every input that differs, or "gone";
 * by `<type's last part> <name>`: "made" or "gone".
 */
export type Change = Record<string, unknown>;

/** A policy that is JSON is compared value by value; a whole document, such as a dashboard, as its text. */
const DOCUMENTS = ["redrivePolicy"];

export async function difference(before: Graph, after: Graph): Promise<Change> {
  const [old, now] = [await values(before), await values(after)];
  const change: Change = {};
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(key), now.get(key)];
    if (!a) change[key] = "made";
    else if (!b) change[key] = "gone";
    else
      for (const path of new Set([...a.keys(), ...b.keys()]))
        if (a.get(path) !== b.get(path)) change[`${key}.${path}`] = b.has(path) ? b.get(path) : "gone";
  }
  return change;
}

/** Deep equality in which an expected regular expression stands for every text that it matches. */
export function assertChange(actual: Change, expected: Change): void {
  const seen = Object.entries(actual).map(([key, value]) => {
    const wanted = expected[key];
    return [key, wanted instanceof RegExp && wanted.test(String(value)) ? wanted : value];
  });
  assert.deepEqual(Object.fromEntries(seen), expected);
}

/** A new value at every run, and ignored by the engine after the first. */
const isGenerated = ({ type, inputs }: Recorded) =>
  type === "aws:ssm/parameter:Parameter" && inputs.type === "SecureString";

async function values(graph: Graph): Promise<Map<string, Map<string, unknown>>> {
  const resources = graph.resources.filter(({ type }) => type.startsWith("aws"));
  const entries = resources
    .filter((resource) => !isGenerated(resource))
    .map(async ({ type, name, inputs }) => {
      const leaves = new Map<string, unknown>();
      collect("", { ...inputs, ...(inputs.code && { code: await codeOf(inputs.code) }) }, leaves);
      leaves.delete("environment.variables.NAMI_PROBE_KEY");
      return [`${type.split(":").at(-1)} ${name}`, leaves] as const;
    });
  return new Map(await Promise.all(entries));
}

function collect(path: string, value: unknown, leaves: Map<string, unknown>): void {
  if (typeof value !== "object" || value === null) {
    const isDocument = typeof value === "string" && DOCUMENTS.includes(path);
    if (isDocument) collect(path, JSON.parse(value), leaves);
    else if (value !== undefined) leaves.set(path, value);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) leaves.set(path, JSON.stringify(value));
  for (const [key, inner] of entries) collect(path ? `${path}.${key}` : key, inner, leaves);
}

interface Archive {
  assets: Promise<Record<string, { text?: Promise<string> }>>;
}

/** What is in a function's zip: the bundle, and the settings that its `__index.js` hands to that. */
async function codeOf({ assets }: Archive) {
  const files = await assets;
  const text = (await files["__index.js"]!.text)!;
  const module = { exports: {} };
  const found: { bundle?: string; settings?: unknown; sourceMaps: boolean } = { sourceMaps: false };
  const fakeRequire = (path: string) => {
    found.bundle = path.replace(/^\.\//, "");
    return { createHandler: (settings: unknown) => Object.assign(found, { settings }) };
  };
  const fakeProcess = { setSourceMapsEnabled: (on: boolean) => Object.assign(found, { sourceMaps: on }) };
  new Function("exports", "require", "module", "process", text)(
    module.exports,
    fakeRequire,
    module,
    fakeProcess,
  );
  const others = Object.keys(files).filter((file) => file !== "__index.js" && file !== found.bundle);
  assert.deepEqual(others, [], "the zip holds the bundle and the file that requires it");
  return found;
}
