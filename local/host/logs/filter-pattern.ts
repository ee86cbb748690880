import { AwsError } from "../aws-error";
import { jsonTest, PatternError, type Test } from "./json-pattern";

/** AWS's limit, characters. */
const MAX_LENGTH = 1024;
const TERM = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\w+))(?=\s|$)/y;

/** Quoted or plain words that must all occur; `-word` must not; of several `?word` one must. */
function termTest(pattern: string): Test {
  const words: Record<string, string[]> = { "": [], "-": [], "?": [] };
  for (let at = 0; at < pattern.length; at = TERM.lastIndex) {
    TERM.lastIndex = at;
    const found = TERM.exec(pattern);
    if (!found) throw new PatternError();
    words[found[1]!]!.push(found[2]?.replace(/\\(.)/g, "$1") ?? found[3]!);
  }
  const { "": all, "-": none, "?": any } = words as Record<"" | "-" | "?", string[]>;
  return ({ text }) =>
    all.every((word) => text.includes(word)) &&
    !none.some((word) => text.includes(word)) &&
    (any.length === 0 || any.some((word) => text.includes(word)));
}

/** @returns whether the pattern is one for JSON events, which has fields to take values from */
export function isJsonPattern(pattern: string): boolean {
  return pattern.trim().startsWith("{");
}

/**
 * What a filter pattern of CloudWatch Logs matches: terms, or a comparison of JSON fields in braces.
 * Nothing matches everything.
 * @throws AwsError InvalidParameterException, also for what AWS knows and this host does not: columns, regular
 *   expressions, array elements, IS and EXISTS
 */
export function parsePattern(pattern: string): Test {
  const text = pattern.trim();
  try {
    if (text.length > MAX_LENGTH) throw new PatternError();
    if (!isJsonPattern(text)) return termTest(text);
    if (!text.endsWith("}")) {
      throw new AwsError(
        "InvalidParameterException",
        "If a filter pattern starts with '{' it must end with '}'",
      );
    }
    return jsonTest(text.slice(1, -1));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError("InvalidParameterException", "Invalid filter pattern");
  }
}
