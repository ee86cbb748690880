import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "intercom",
  title: "Intercom",
  docs: "https://developers.intercom.com/docs/references/webhooks/webhook-models",
  checkedAgainst: null,
  secret: "The app's client secret, in the Developer Hub under Basic information.",
  hmac: { algorithm: "sha1", header: "x-hub-signature", prefix: "sha1=", encoding: "hex", signed: "{body}" },
  id: ["body:/id"],
});
