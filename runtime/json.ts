import { isStorableKey } from "./field";

/** The data, or why it cannot be kept as data without changing it. */
export type Parsed = { ok: true; value: unknown } | { ok: false; reason: string };

/** MongoDB keeps documents of at most 100 levels (its limits page); the document itself is the first. */
const MAX_DEPTH = 99;

/**
 * A flat array of so many numbers is 12 MiB of BSON, so hardly anything with more could be stored as data, while as
 * objects of JavaScript `[{},{},…` takes twenty times its bytes: 6 MB of it were a quarter of the function's memory.
 */
const MAX_VALUES = 1_000_000;

class Unfit extends Error {}

/**
 * JSON whose every value survives JavaScript and BSON; anything else says why not. JSON.parse alone would silently
 * keep the last of two equal keys and round 9007199254740993.
 */
export function parseJson(text: string): Parsed {
  try {
    // Before JSON.parse, because walking 1,000,000 nested arrays afterwards would overflow the stack.
    const members = scan(text);
    const value = JSON.parse(text) as unknown;
    if (checkValue(value) !== members) throw new Unfit("it has the same key twice in one object");
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, reason: error.message };
    if (error instanceof SyntaxError)
      return { ok: false, reason: `it is not JSON: ${shortened(error.message)}` };
    throw error;
  }
}

/** For data that was not JSON (a form): can it be stored unchanged? */
export function checkStorable(value: unknown): Parsed {
  try {
    checkValue(value);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, reason: error.message };
    throw error;
  }
}

/** V8 quotes the text around the mistake: at most a few characters of it belong into a stored field. */
function shortened(message: string): string {
  return message.length > 120 ? `${message.slice(0, 120)}…` : message;
}

/**
 * Counts the members of all objects (a colon outside of strings each), and checks depth, numbers and how many values
 * there are (each but the first comes after a comma or a bracket) on the way.
 */
function scan(text: string): number {
  let members = 0;
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') at = endOfString(text, at);
    else if (char === ":") members++;
    else if (char === "," || char === "{" || char === "[") {
      if (++values > MAX_VALUES) throw new Unfit(`it has more than ${MAX_VALUES} values`);
      if (char !== "," && ++depth > MAX_DEPTH)
        throw new Unfit(`it is nested deeper than ${MAX_DEPTH} levels`);
    } else if (char === "}" || char === "]") depth--;
    else if (char === "-" || (char >= "0" && char <= "9")) at = endOfNumber(text, at);
  }
  return members;
}

/** Index of the closing quote (or of the end of a text that is no JSON anyway). */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  const source = NUMBER.exec(text)?.[0];
  if (source === undefined) return start;
  if (!isKept(source)) throw new Unfit(`the number ${shortened(source)} cannot be kept exactly`);
  return start + source.length - 1;
}

/**
 * Does a double hold what the text says? Whole numbers must come out as the same digits. A fraction of up to 17
 * digits is a double that somebody wrote (17 are enough for any), so the nearest double is the number meant.
 */
function isKept(source: string): boolean {
  if (source.length <= 15 && !/[eE]/.test(source)) return true;
  const value = Number(source);
  if (Number.isNaN(value)) return true; // not a number of JSON at all: JSON.parse says so
  if (!Number.isFinite(value)) return false;
  const meant = decimal(source);
  const kept = decimal(String(value));
  if (meant.digits === kept.digits && meant.exponent === kept.exponent) return true;
  return meant.exponent < 0 && meant.digits.length <= 17 && value !== 0;
}

const DECIMAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** digits × 10^exponent, without zeros at either end. */
function decimal(source: string): { digits: string; exponent: number } {
  const [, whole = "", fraction = "", power = "0"] = DECIMAL.exec(source) ?? [];
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  const exponent = Number(power) - fraction.length + (all.length - digits.length);
  return { digits, exponent: digits === "" ? 0 : exponent };
}

/** Answers the number of object members below `value`. */
function checkValue(value: unknown): number {
  if (typeof value === "string" && !value.isWellFormed())
    throw new Unfit("a string has half of a surrogate pair");
  if (value === null || typeof value !== "object") return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + checkValue(item), 0);
  let members = 0;
  for (const [key, item] of Object.entries(value)) {
    if (!isStorableKey(key)) throw new Unfit(`the key ${JSON.stringify(key)} cannot be stored`);
    members += 1 + checkValue(item);
  }
  return members;
}
