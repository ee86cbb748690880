import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "bitbucket",
  title: "Bitbucket Cloud",
  docs: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
  checkedAgainst: "documentation",
  secret: "The webhook's Secret, in the repository's settings under Webhooks.",
  hmac: {
    algorithm: "sha256",
    header: "x-hub-signature",
    prefix: "sha256=",
    encoding: "hex",
    signed: "{body}",
  },
  // https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/; attempts are counted beside it
  id: ["header:x-request-uuid"],
});
