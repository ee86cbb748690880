import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "stripe",
  title: "Stripe",
  docs: "https://docs.stripe.com/webhooks#verify-manually",
  checkedAgainst: "npm stripe",
  secret: "The endpoint's signing secret, whsec_…, in Workbench under Webhooks.",
  // An API key, sk_…, is the mistake that is easy to make.
  secretProblem: (secret) => (secret.startsWith("whsec_") ? undefined : "must begin with whsec_"),
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
