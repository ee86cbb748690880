import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "zendesk",
  title: "Zendesk",
  docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
  // The pages have a secret, a time and the formula, but no signature.
  checkedAgainst: null,
  secret: "The webhook's signing secret, under Reveal secret in the Admin Center.",
  hmac: {
    algorithm: "sha256",
    header: "x-zendesk-webhook-signature",
    encoding: "base64",
    timestamp: { header: "x-zendesk-webhook-signature-timestamp", unit: "iso", tolerance: 300 },
    signed: "{timestamp}{body}",
  },
  id: ["header:x-zendesk-webhook-invocation-id"],
});
