import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "jira",
  title: "Jira Cloud",
  docs: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
  checkedAgainst: "documentation",
  secret: "The webhook's Secret, under System, WebHooks. Webhooks registered by an app are not signed.",
  hmac: {
    algorithm: "sha256",
    header: "x-hub-signature",
    prefix: "sha256=",
    encoding: "hex",
    signed: "{body}",
  },
  // The same over retries.
  id: ["header:x-atlassian-webhook-identifier"],
});
