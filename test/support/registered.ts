import { readFileSync } from "node:fs";

type Json = Record<string, unknown>;

/** What one run of a program asked of the engine, as it went over the wire: secrets in plain text. */
export interface Registered {
  /** Inputs and options of every resource, by URN. */
  resources: Map<string, Json>;
  /** What it looked up and what it exported, in no order. */
  others: string[];
}

/** Where in the sources a resource is made: another file in a build than in the sources, and nothing of the graph. */
const PLACES = ["sourcePosition", "stackTrace"];
const OTHERS = /ResourceMonitor\/(Invoke|ReadResource|RegisterResourceOutputs)$/;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A request without what may differ: the order of dependencies, and inputs whose changes the engine is told to ignore. */
function comparable(request: Json): Json {
  const kept = Object.fromEntries(Object.entries(request).filter(([key]) => !PLACES.includes(key)));
  const ignored = (kept.ignoreChanges ?? []) as string[];
  const inputs = Object.entries((kept.object ?? {}) as Json).filter(([key]) => !ignored.includes(key));
  const dependsOn = [...((kept.dependencies ?? []) as string[])].sort();
  const properties = Object.entries((kept.propertyDependencies ?? {}) as Record<string, { urns?: string[] }>);
  const byProperty = properties.map(([key, { urns = [] }]) => [key, [...urns].sort()]);
  return sorted({
    ...kept,
    object: Object.fromEntries(inputs),
    dependencies: dependsOn,
    propertyDependencies: Object.fromEntries(byProperty),
  }) as Json;
}

/** Reads what the engine wrote to PULUMI_DEBUG_GRPC: a line of JSON for each call as it begins, and as it ends. */
export function registeredIn(file: string): Registered {
  const resources = new Map<string, Json>();
  const others: string[] = [];
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { method, request, response } = JSON.parse(line) as {
      method: string;
      request?: Json;
      response?: Json;
    };
    if (!request || !response) continue;
    if (method.endsWith("ResourceMonitor/RegisterResource"))
      resources.set(String(response.urn), comparable(request));
    else if (OTHERS.test(method)) others.push(JSON.stringify([method, comparable(request)]));
  }
  return { resources, others: others.sort() };
}
