import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "calendly",
  title: "Calendly",
  docs: "https://developer.calendly.com/api-docs/ZG9jOjM2MzE2MDM4-webhook-signatures",
  checkedAgainst: null,
  secret: "The subscription's signing_key, as given when the webhook subscription was made.",
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
