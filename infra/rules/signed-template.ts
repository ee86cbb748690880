import type { Rule } from "./rule";

const TOKENS = /\{(?!body\}|timestamp\}|url\}|method\}|path\}|header:[\w-]+\})/;

export const templateIsKnown: Rule = {
  text: "`--verify-template` holds `{body}`, and of braces only `{timestamp}`, `{url}`, `{method}`, `{path}` and `{header:NAME}` besides; with `--verify-timestamp` also `{timestamp}`.",
  broken({ verifyTemplate, verifyTimestamp }) {
    const template = verifyTemplate ?? "{body}";
    const message = !template.includes("{body}")
      ? "must hold {body}: what is not signed anybody can change"
      : TOKENS.test(template)
        ? "knows {body}, {timestamp}, {url}, {method}, {path} and {header:NAME}"
        : undefined;
    if (message) return { option: "verifyTemplate", message };
    if (template.includes("{timestamp}") === (verifyTimestamp !== undefined)) return undefined;
    return verifyTimestamp === undefined
      ? {
          option: "verifyTemplate",
          message: "with {timestamp} needs --verify-timestamp, the header it is in",
        }
      : {
          option: "verifyTimestamp",
          message: "needs a --verify-template with {timestamp}: else it is not signed",
        };
  },
};

/** What may end anywhere: each is bytes of the sender's, and a captured request has the sum of them signed. */
const TOUCHING = /\{(?:body|timestamp|url)\}(?=(\{(?:body|timestamp|url)\}))/g;
const HEADER_TOUCHES = /\}\{header:|\{header:[\w-]+\}\{/;
/** Providers sign so. That they are cut in one way only is seen to where a request is checked: runtime/verify/boundaries.ts. */
const CUT_WITH_CARE = ["{timestamp}{body}", "{body}{timestamp}", "{url}{body}"];

const touches = (template: string) =>
  HEADER_TOUCHES.test(template) ||
  [...template.matchAll(TOUCHING)].some(([first, second]) => !CUT_WITH_CARE.includes(`${first}${second}`));

/** A time gets longer or shorter by a digit: 13 of milliseconds, without the last three, are the same in seconds. */
const DIGIT_BESIDE_TIME = /\{timestamp\}\d[^{]*\{|\}[^{}]*\d\{timestamp\}/;

export const partsAreApart: Rule = {
  text: "Between `{header:NAME}` and `{body}`, `{url}` or `{timestamp}` of `--verify-template` stands at least one character, beside `{timestamp}` none that is a digit; with `{url}` before `{body}`, a request with a query must have JSON.",
  broken({ verifyTemplate = "" }) {
    const message = touches(verifyTemplate)
      ? "needs a character between its parts, such as a dot: else bytes of one pass for the other's"
      : DIGIT_BESIDE_TIME.test(verifyTemplate)
        ? "must have something else than a digit beside {timestamp}: it would pass for one of the time"
        : undefined;
    return message === undefined ? undefined : { option: "verifyTemplate", message };
  },
};
