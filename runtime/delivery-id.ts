/**
 * Headers that carry a provider's own id of a delivery, in order of preference. The same id comes again when the
 * provider retries: Standard Webhooks, GitHub, Shopify (its event id, not its per-delivery id), and the IETF draft.
 */
const ID_HEADERS = ["webhook-id", "x-github-delivery", "x-shopify-event-id", "idempotency-key"];

/** Printable ASCII without spaces: an id stands in URLs, in shells and in MongoDB's index (keys of bounded size). */
const ID = /^[\x21-\x7e]{1,200}$/;

/** The sender's delivery id, or undefined when no header has a usable one. */
export function deliveryId(headers: Record<string, string>): string | undefined {
  return ID_HEADERS.map((name) => headers[name]?.trim() ?? "").find((value) => ID.test(value));
}
