import { REDACTED } from "./redact";

/** What is shorter stands in every text by chance. */
const SHORTEST = 4;

/** Each character as it is, as in a form or a URL, or as in JSON, of which `\u0041` is the longest: so many for one. */
export const LONGEST_WRITTEN = 6;

/** Takes secrets out of texts that strangers or the user's code have made, however they are written there. */
export function secretHider(secrets: readonly string[]): (text: string) => string {
  let known: RegExp[] | undefined;
  return (text) => {
    known ??= secrets.filter(({ length }) => length >= SHORTEST).map(howeverWritten);
    return known.reduce((all, secret) => all.replace(secret, REDACTED), text);
  };
}

/** What JSON and forms have for a character besides. */
const SHORT: Record<string, string> = {
  "/": "\\/",
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  " ": "+",
};

/** A secret as it may stand in a body. */
function howeverWritten(secret: string): RegExp {
  const ways = [...secret].map((character) => {
    const bytes = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
    const units = character.split("").map((unit) => unit.charCodeAt(0));
    const escapes = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
    const own = SHORT[character];
    const forms = [character, bytes.join(""), escapes.join(""), ...(own ? [own] : [])];
    return `(?:${forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`;
  });
  return new RegExp(ways.join(""), "gi");
}
