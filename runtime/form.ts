/** Repeated names become arrays, in the order of their first appearance. */
export function formFields(pairs: Iterable<[string, string]>): Map<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else fields.set(name, [before, value]);
  }
  return fields;
}

/**
 * application/x-www-form-urlencoded, strictly: throws URIError where a lenient parser would put U+FFFD and so lose bytes.
 */
export function parseForm(text: string): Map<string, string | string[]> {
  const pairs = text.split("&").filter((part) => part !== "");
  return formFields(
    pairs.map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      return equals < 0
        ? [decode(pair), ""]
        : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    }),
  );
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
