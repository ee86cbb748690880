/** A place where two values differ. A side that has nothing there is undefined. */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parsed(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function leaves(path: string, before: unknown, after: unknown): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const step = (key: string) => (Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`);
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => leaves(step(key), before[key], after[key]));
}

/**
 * AWS takes whole documents (policies, redrive policies) as one text. Where both sides are such a text, tells the
 * places in it that differ; else the one difference there is.
 */
export function unfold(difference: Difference): Difference[] {
  const { path, before, after } = difference;
  const [old, next] = [parsed(before), parsed(after)];
  if (!old || !next) return [difference];
  const found = leaves(path, old, next);
  return found.length > 0 ? found : [difference];
}
