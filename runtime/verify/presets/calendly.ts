import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "calendly",
  title: "Calendly",
  docs: "https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
  checkedAgainst: null,
  secret: "The signing_key that the webhook subscription was made with, or that of the OAuth app.",
  hmac: {
    algorithm: "sha256",
    header: "calendly-webhook-signature",
    encoding: "hex",
    fields: { separator: ",", signature: "v1", timestamp: "t" },
    // Calendly's own example allows three minutes.
    timestamp: { unit: "s", tolerance: 180 },
    signed: "{timestamp}.{body}",
  },
  // Calendly gives a delivery no id: one event of one invitee happens at one moment.
  id: ["body:/event+body:/payload/uri+body:/created_at"],
});
