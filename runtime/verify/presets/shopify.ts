import { hmacPreset } from "../hmac";

export default hmacPreset({
  name: "shopify",
  title: "Shopify",
  docs: "https://shopify.dev/docs/apps/build/webhooks/verify-deliveries",
  checkedAgainst: "npm @shopify/shopify-api",
  secret: "The app's client secret; for webhooks made in the admin, the key shown under Notifications.",
  hmac: {
    algorithm: "sha256",
    header: "x-shopify-hmac-sha256",
    encoding: "base64",
    signed: "{body}",
  },
  // https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates. One event may be of several topics.
  id: ["header:x-shopify-topic+header:x-shopify-event-id"],
});
