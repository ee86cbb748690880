import { type EventText, parseSelector, SELECTOR, type Selector, select } from "./event-text";

export type Test = (event: EventText) => boolean;

/** Thrown where a pattern is none; who parses it says so in AWS's words. */
export class PatternError extends Error {}

/** Strings, operators, parentheses, selectors and words, each with the white space before it. */
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|\|\||&&|<=|>=|!=|[()=<>]|\$[\w.-]+|[\w.*+-]+)/y;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new PatternError();
    tokens.push(found[1]!);
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** An asterisk stands for any text at the beginning and at the end; between them it is an asterisk. */
function like(pattern: string): (text: string) => boolean {
  const open = pattern.startsWith("*");
  const end = pattern.length > 1 && pattern.endsWith("*");
  const core = pattern.slice(open ? 1 : 0, end ? -1 : undefined);
  if (open && end) return (text) => text.includes(core);
  if (open) return (text) => text.endsWith(core);
  if (end) return (text) => text.startsWith(core);
  return (text) => text === core;
}

const COMPARE: Record<string, (value: number, wanted: number) => boolean> = {
  "=": (value, wanted) => value === wanted,
  "!=": (value, wanted) => value !== wanted,
  "<": (value, wanted) => value < wanted,
  "<=": (value, wanted) => value <= wanted,
  ">": (value, wanted) => value > wanted,
  ">=": (value, wanted) => value >= wanted,
};

/** A field that is absent, or neither text nor number, is equal to nothing and unequal to nothing. */
function comparison(selector: Selector, operator: string, literal: string): Test {
  const quoted = literal.startsWith('"');
  const word = quoted ? literal.slice(1, -1).replace(/\\(.)/g, "$1") : literal;
  const number = !quoted && NUMBER.test(word) ? Number(word) : undefined;
  const equality = operator === "=" || operator === "!=";
  if (!equality && number === undefined) throw new PatternError();
  const compare = COMPARE[operator]!;
  const matches = like(word);
  return (event) => {
    const value = select(event, selector);
    if (typeof value === "number" && number !== undefined) return compare(value, number);
    if (!equality) return false;
    if (typeof value === "string") return matches(value) === (operator === "=");
    return typeof value === "number" && !quoted && matches(String(value)) === (operator === "=");
  };
}

/** By recursive descent: parentheses bind before &&, && before ||. */
class Parser {
  private at = 0;

  constructor(private readonly tokens: string[]) {}

  whole(): Test {
    const test = this.any();
    if (this.at < this.tokens.length) throw new PatternError();
    return test;
  }

  private any(): Test {
    const tests = [this.all()];
    while (this.take("||")) tests.push(this.all());
    return tests.length === 1 ? tests[0]! : (event) => tests.some((test) => test(event));
  }

  private all(): Test {
    const tests = [this.one()];
    while (this.take("&&")) tests.push(this.one());
    return tests.length === 1 ? tests[0]! : (event) => tests.every((test) => test(event));
  }

  private one(): Test {
    if (this.take("(")) {
      const inner = this.any();
      if (!this.take(")")) throw new PatternError();
      return inner;
    }
    const [selector = "", operator = "", literal = ""] = this.tokens.slice(this.at, this.at + 3);
    this.at += 3;
    if (!SELECTOR.test(selector) || !Object.hasOwn(COMPARE, operator)) throw new PatternError();
    if (!/^["\w.*+-]/.test(literal)) throw new PatternError();
    return comparison(parseSelector(selector), operator, literal);
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }
}

/**
 * A pattern for JSON events, without its braces: comparisons of `$.a.b` with strings (`=`, `!=`, an asterisk first or
 * last) and numbers (also `<`, `<=`, `>`, `>=`), joined by `&&`, `||` and parentheses.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws PatternError for everything else, also for what AWS knows beyond it
 */
export function jsonTest(text: string): Test {
  return new Parser(tokensOf(text)).whole();
}
