import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "paddle",
  title: "Paddle",
  docs: "https://developer.paddle.com/webhooks/about/signature-verification",
  checkedAgainst: "npm @paddle/paddle-node-sdk",
  secret: "The notification destination's secret key, pdl_ntfset_….",
  hmac: {
    algorithm: "sha256",
    header: "paddle-signature",
    encoding: "hex",
    // Several h1 while a secret key takes the place of another.
    fields: { separator: ";", signature: "h1", timestamp: "ts" },
    // Paddle's own library allows 5 s, which a clock that is a little off and a cold start use up.
    timestamp: { unit: "s", tolerance: 60 },
    signed: "{timestamp}:{body}",
  },
  // Not notification_id: an event that is replayed by hand has another.
  id: ["body:/event_id"],
});
