import { checkHmac, type HmacScheme } from "../hmac";
import { type Preset, refused } from "../preset";

const TIMESTAMP = "x-zendesk-webhook-signature-timestamp";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-zendesk-webhook-signature",
  encoding: "base64",
  timestamp: { header: TIMESTAMP, unit: "iso", tolerance: 300 },
  signed: "{timestamp}{body}",
};

/** Nothing stands between time and body in what is signed: of another form, the Z could change sides. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export default {
  name: "zendesk",
  title: "Zendesk",
  docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
  // The pages have a secret, a time and the formula, but no signature.
  checkedAgainst: null,
  secret: "The webhook's signing secret, under Reveal secret in the Admin Center.",
  coversBody: true,
  tolerance: hmac.timestamp!.tolerance,
  hmac,
  check: (ask) =>
    TIME.test(ask.request.headers[TIMESTAMP] ?? "")
      ? checkHmac(hmac, ask)
      : refused(`the header ${TIMESTAMP} is missing or not a time`),
  id: ["header:x-zendesk-webhook-invocation-id"],
} satisfies Preset;
