import { checkHmac, type HmacScheme } from "../hmac";
import type { Preset } from "../preset";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-shopify-hmac-sha256",
  encoding: "base64",
  signed: "{body}",
};

/** Events, which are to follow webhooks, have the same without the X: https://shopify.dev/docs/apps/build/events/verify-deliveries */
const events: HmacScheme = { ...hmac, header: "shopify-hmac-sha256" };

export default {
  name: "shopify",
  title: "Shopify",
  docs: "https://shopify.dev/docs/apps/build/webhooks/verify-deliveries",
  checkedAgainst: "npm @shopify/shopify-api",
  secret: "The app's client secret; for webhooks made in the admin, the key shown under Notifications.",
  coversBody: true,
  hmac,
  check: (ask) => checkHmac(ask.request.headers[events.header] === undefined ? hmac : events, ask),
  // https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates. One event may be of several topics.
  id: ["header:x-shopify-topic+header:x-shopify-event-id", "header:shopify-webhook-id"],
} satisfies Preset;
