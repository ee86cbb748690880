import { equalText, fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused, type VerifySettings } from "../preset";

/** Lower-cased. */
export function keyHeader({ header }: VerifySettings): string {
  return (header || "authorization").toLowerCase();
}

/** For whoever sends the secret itself: in a header, with perhaps a word before it. */
export function checkKey({ request, keys, settings }: Ask): Checked {
  const header = keyHeader(settings);
  const value = request.headers[header];
  if (!value) return refused(`the header ${header} is missing`);
  const key = fittingKey(keys, (secret) => equalText(value, (settings.prefix ?? "") + secret));
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
