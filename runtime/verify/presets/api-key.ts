import { equalText, fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused, type VerifySettings } from "../preset";

/** Lower-cased. */
export function keyHeader({ header }: VerifySettings): string {
  return (header || "authorization").toLowerCase();
}

/** "Bearer s3cret" → "s3cret"; the case of the word does not matter (RFC 9110, 11.1). */
function withoutPrefix(value: string, prefix = ""): string | undefined {
  if (!value.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
  return value.slice(prefix.length).trimStart();
}

/** For whoever sends the secret itself: in a header, with perhaps a word before it. */
export function checkKey({ request, keys, settings }: Ask): Checked {
  const header = keyHeader(settings);
  const value = request.headers[header]?.trim();
  if (!value) return refused(`the header ${header} is missing`);
  const given = withoutPrefix(value, settings.prefix);
  if (given === undefined) return refused(`the header ${header} does not begin with ${settings.prefix}`);
  const key = fittingKey(keys, (secret) => equalText(given, secret));
  if (key !== null) return accepted(key);
  return refused(`the header ${header} is not ${keys.length === 1 ? "the secret" : "one of the secrets"}`);
}

export default {
  name: "api-key",
  title: "Any key in a header",
  docs: "https://www.rfc-editor.org/rfc/rfc6750",
  checkedAgainst: "documentation",
  secret: "What the sender puts into the header, without the prefix.",
  coversBody: false,
  check: checkKey,
  id: [],
  redact: (settings) => [`header:${keyHeader(settings)}`],
} satisfies Preset;
