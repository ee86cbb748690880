import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "stripe",
  title: "Stripe",
  docs: "https://docs.stripe.com/webhooks#verify-manually",
  checkedAgainst: "npm stripe",
  secret: "The endpoint's signing secret, whsec_…, in Workbench under Webhooks.",
  hmac: {
    algorithm: "sha256",
    header: "stripe-signature",
    encoding: "hex",
    fields: { separator: ",", signature: "v1", timestamp: "t" },
    timestamp: { unit: "s", tolerance: 300 },
    signed: "{timestamp}.{body}",
  },
  id: ["body:/id"],
});
