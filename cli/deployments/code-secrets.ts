/** As a name in code and in shells. */
const NAME = /^[A-Za-z_]\w{0,99}$/;

export function isSecretName(name: string): boolean {
  return NAME.test(name);
}

/**
 * JSON of names and texts, or lines NAME=value as in a .env file (quotes around a value go, `#` lines too) → by name;
 * undefined when it is neither.
 */
export function parseCodeSecrets(text: string): Record<string, string> | undefined {
  const pairs = text.trimStart().startsWith("{") ? jsonPairs(text) : linePairs(text);
  if (!pairs?.every(([name, value]) => isSecretName(name) && typeof value === "string")) return undefined;
  return Object.fromEntries(pairs) as Record<string, string>;
}

function jsonPairs(text: string): [string, unknown][] | undefined {
  try {
    return Object.entries(JSON.parse(text) as object);
  } catch {
    return undefined;
  }
}

function linePairs(text: string): [string, unknown][] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", value] = /^(?:export\s+)?([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      return [name, value?.replace(/^(["'])(.*)\1$/, "$2")];
    });
}
