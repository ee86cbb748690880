import type { Encoding } from "../encoding";
import { checkHmac, type HmacScheme } from "../hmac";
import type { Preset, VerifySettings } from "../preset";

/** Seconds, where a timestamp is signed and no tolerance is given. */
const TOLERANCE = 300;

/** The scheme that the `--verify-…` options describe. */
export function hmacSchemeOf(settings: VerifySettings): HmacScheme {
  const { header = "", prefix, encoding = "hex", algorithm = "sha256", template = "{body}" } = settings;
  const timestamp = settings.timestampHeader?.toLowerCase();
  return {
    algorithm: algorithm as HmacScheme["algorithm"],
    header: header.toLowerCase(),
    prefix,
    encoding: encoding as Encoding,
    ...(timestamp && { timestamp: { header: timestamp, unit: "any", tolerance: TOLERANCE } }),
    signed: template,
  };
}

export default {
  name: "hmac",
  title: "Any HMAC signature",
  docs: "https://www.rfc-editor.org/rfc/rfc2104",
  checkedAgainst: "documentation",
  secret: "The secret that the sender signs with, as text.",
  coversBody: true,
  check: (ask) => checkHmac(hmacSchemeOf(ask.settings), ask),
  id: [],
} satisfies Preset;
