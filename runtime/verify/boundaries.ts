import type { IncomingRequest } from "../event";
import { headerOf, partsOf } from "./template";

/** Tokens whose length a sender chooses. Method and path are the same for whoever posts to a name; a time ends by itself. */
const FREE = /^\{(?:body|url|header:[\w-]+)\}$/;

/**
 * Whoever has seen one signed request has the sum of its parts signed, and may cut it at another place, if it can be read in
 * two ways. Why this one can; undefined when it cannot. Which parts may touch at all is a rule of `--verify-template`.
 * @param template of what was signed
 */
export function boundaryProblem(template: string, request: IncomingRequest): string | undefined {
  if (template.includes("{timestamp}{body}") && isDigit(request.raw.at(0)))
    return "the body begins with a digit";
  if (template.includes("{body}{timestamp}") && isDigit(request.raw.at(-1)))
    return "the body ends with a digit";
  const url = /\{url\}.*\{body\}/s.test(template) ? urlProblem(request) : undefined;
  return url ?? headerProblem(partsOf(template), request);
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** A query may have anything behind it; without one, the URL ends where the deployment says. */
function urlProblem({ method, raw, rawQuery }: IncomingRequest): string | undefined {
  if (rawQuery === "") return raw.at(0) === QUESTION_MARK ? "the body begins with a ?" : undefined;
  const whole = raw.length === 0 ? method === "GET" : isWhole(raw);
  return whole ? undefined : "the body is no JSON: its beginning could pass for the end of the query";
}

const QUESTION_MARK = 0x3f;

/** No part of a JSON object or array that begins or ends inside of it is one, too. */
function isWhole(raw: Buffer): boolean {
  try {
    const parsed: unknown = JSON.parse(raw.toString());
    return typeof parsed === "object" && parsed !== null;
  } catch {
    return false;
  }
}

/** A header that has the separator in it could go on behind it. */
function headerProblem(parts: readonly string[], request: IncomingRequest): string | undefined {
  for (const [i, part] of parts.entries()) {
    const header = headerOf(part, request);
    if (!header) continue;
    const behind = parts[i + 2] === undefined ? undefined : parts[i + 1]?.at(0);
    const before = FREE.test(parts[i - 2] ?? "") ? parts[i - 1]?.at(-1) : undefined;
    const found = [behind, before].find((separator) => separator && header.value.includes(separator));
    if (found)
      return `the header ${header.name} has a ${found} in it, which stands between the parts that are signed`;
  }
  return undefined;
}
