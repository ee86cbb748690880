import type { EngineEvent } from "../deployments/stack";
import { unfold } from "./diff-json";

/** What happens to a resource, in a person's words. */
export type Action = "create" | "update" | "replace" | "delete";

/** One property that changes. `before` and `after` are short texts; a secret shows as [secret]. */
export interface PropertyChange {
  path: string;
  before: string;
  after: string;
  /** This property is why the resource is made anew. */
  replaces: boolean;
}

export interface Change {
  action: Action;
  /** e.g. "Function" */
  type: string;
  /** Logical name. */
  name: string;
  properties: PropertyChange[];
}

interface Detail {
  kind?: string;
  diffKind?: string;
  inputDiff?: boolean;
}

interface State {
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** A replacement is three steps for the engine and one change for a person: it is told by its "replace". */
const ACTIONS: Record<string, Action> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
};

/** How the engine marks what is no plain value (sdk/v3, resource.SigKey), and what stands for "known after". */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** As the engine writes one in its events. */
const SECRET_TEXT = "[secret]";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const LONGEST = 70;

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** A value in one line. Archives show as the hash of their content: that is what changed in them. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "(none)";
  if (typeof value === "string") {
    if (value === UNKNOWN) return "(known after it is made)";
    return value === SECRET_TEXT ? value : short(JSON.stringify(value));
  }
  if (typeof value !== "object") return String(value);
  const marked = value as Record<string, unknown>;
  if (isSecret(value)) return SECRET_TEXT;
  if (marked[SIGNATURE] && typeof marked.hash === "string") return `code ${marked.hash.slice(0, 12)}`;
  return short(JSON.stringify(value).replaceAll(UNKNOWN, "(known after it is made)"));
}

/** The engine's paths: a.b[0]["c.d"]. */
function segments(path: string): string[] {
  const found = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...found].map(([, quoted, index, plain]) => quoted ?? index ?? plain ?? "");
}

function isSecret(value: unknown): boolean {
  if (value === SECRET_TEXT) return true;
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET
  );
}

/** What lies in a secret is one, too. */
function at(values: Record<string, unknown> | undefined, path: string): unknown {
  return segments(path).reduce<unknown>((value, key) => {
    if (isSecret(value)) return SECRET_TEXT;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, values);
}

/** Changes deep in an archive are one change of the code. */
function shownPath(path: string, before: State | undefined, after: State | undefined): string {
  const [root] = segments(path);
  const archive = [before?.inputs, after?.inputs].some((inputs) => {
    const value = inputs?.[root!];
    return typeof value === "object" && value !== null && SIGNATURE in value;
  });
  return archive ? root! : path;
}

function propertyChanges({ old, new: next, detailedDiff, diffs, keys }: Metadata): PropertyChange[] {
  const before = old as State | undefined;
  const after = next as State | undefined;
  const details = Object.entries((detailedDiff ?? {}) as Record<string, Detail>);
  const paths: [string, boolean][] =
    details.length > 0
      ? details.map(([path, { kind, diffKind }]) => [path, /replace/i.test(diffKind ?? kind ?? "")])
      : (diffs ?? []).map((path) => [path, (keys ?? []).includes(path)]);
  const changes = new Map<string, PropertyChange>();
  for (const [path, replaces] of paths) {
    const shown = shownPath(path, before, after);
    const difference = {
      path: shown,
      before: at(before?.inputs, shown) ?? at(before?.outputs, shown),
      after: at(after?.inputs, shown),
    };
    for (const { path, before, after } of unfold(difference)) {
      const again = changes.get(path)?.replaces === true;
      changes.set(path, {
        path,
        before: valueText(before),
        after: valueText(after),
        replaces: replaces || again,
      });
    }
  }
  return [...changes.values()];
}

/** "aws:lambda/function:Function" → "Function" */
export function typeName(type: string): string {
  return type.split(":").pop()!;
}

/** Resources that are people's own; components and providers have no existence outside the program. */
export function isShown({ type }: { type: string }): boolean {
  return !/^(pulumi:|nami:|awsx:)/.test(type);
}

/** The change that an engine event announces; undefined for events that tell of none. */
export function changeOf({ resourcePreEvent: event }: EngineEvent): Change | undefined {
  if (!event || !isShown(event.metadata)) return undefined;
  const { metadata } = event;
  const action = ACTIONS[metadata.op];
  if (!action) return undefined;
  const compared = action === "update" || action === "replace";
  return {
    action,
    type: typeName(metadata.type),
    name: metadata.urn.split("::").pop()!,
    properties: compared ? propertyChanges(metadata) : [],
  };
}

/** How many of each action; actions that do not occur are absent. */
export function countChanges(changes: readonly Change[]): Partial<Record<Action, number>> {
  const counts: Partial<Record<Action, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

const WORDS: Record<Action, string> = {
  create: "to create",
  update: "to change",
  replace: "to replace",
  delete: "to delete",
};

/** "2 to create, 1 to change"; "no changes". */
export function countText(
  counts: Partial<Record<Action, number>>,
  words: Record<Action, string> = WORDS,
): string {
  const parts = (Object.keys(words) as Action[])
    .filter((action) => counts[action])
    .map((action) => `${counts[action]} ${words[action]}`);
  return parts.join(", ") || "no changes";
}
