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

/** A line of a .env file: a value in quotes may go over several lines; after it, and after a blank, a comment may stand. */
const LINE =
  /^[ \t]*(?:export[ \t]+)?([^=\s#]+)[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|([^"'\n][^\n]*?)?)[ \t]*(?:(?<=["'\s=])#[^\n]*)?$/gm;

/** Undefined when something is left that is neither a pair nor a comment. */
function linePairs(text: string): [string, unknown][] | undefined {
  const pairs: [string, unknown][] = [];
  const rest = text.replaceAll("\r\n", "\n").replace(LINE, (_, name, double, single, bare) => {
    pairs.push([name, double ?? single ?? bare ?? ""]);
    return "";
  });
  const left = rest.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return left.length === 0 ? pairs : undefined;
}
