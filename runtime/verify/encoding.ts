export type Encoding = "hex" | "base64" | "base64url";

const SHAPES: Record<Encoding, RegExp> = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
};

/** Longer than any signature in use; what is longer is not looked at. */
const LONGEST = 4096;

/** Text → bytes; undefined when it is not in that encoding. Node itself would skip what it does not know. */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  if (text === "" || text.length > LONGEST || !SHAPES[encoding].test(text)) return undefined;
  return Buffer.from(text, encoding);
}
