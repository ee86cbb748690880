import type { IncomingRequest } from "../event";

/** Of what is signed: tokens, `{body}`, and the text between them, which may be empty. */
export function partsOf(template: string): string[] {
  return template.split(/(\{[a-z]+(?::[\w-]+)?\})/);
}

/** The header that a part stands for, "" when the request has none; undefined when the part is no header. */
export function headerOf(
  part: string,
  { headers }: Pick<IncomingRequest, "headers">,
): { name: string; value: string } | undefined {
  const name = /^\{header:([\w-]+)\}$/.exec(part)?.[1];
  return name === undefined ? undefined : { name, value: headers[name.toLowerCase()] ?? "" };
}
