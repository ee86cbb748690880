import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "typeform",
  title: "Typeform",
  docs: "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
  checkedAgainst: null,
  secret: "The webhook's secret, as typed in the form's webhook settings.",
  hmac: {
    algorithm: "sha256",
    header: "typeform-signature",
    prefix: "sha256=",
    encoding: "base64",
    signed: "{body}",
  },
  id: ["body:/event_id"],
});
