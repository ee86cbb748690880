import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "square",
  title: "Square",
  docs: "https://developer.squareup.com/docs/webhooks/step3validate",
  checkedAgainst: "npm square",
  secret: "The webhook subscription's Signature Key, in the Developer Console.",
  hmac: {
    algorithm: "sha256",
    header: "x-square-hmacsha256-signature",
    encoding: "base64",
    // The notification URL exactly as the subscription has it.
    signed: "{url}{body}",
  },
  id: ["body:/event_id"],
});
