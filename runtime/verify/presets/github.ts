import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "github",
  title: "GitHub",
  docs: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
  checkedAgainst: "npm @octokit/webhooks-methods, documentation",
  secret: "The webhook's secret, as typed in the repository's or organisation's webhook settings.",
  hmac: {
    algorithm: "sha256",
    header: "x-hub-signature-256",
    prefix: "sha256=",
    encoding: "hex",
    signed: "{body}",
  },
  // The same on a redelivery.
  id: ["header:x-github-delivery"],
});
