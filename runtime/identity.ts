import { createHash } from "node:crypto";

/**
 * Headers that say of which topic, event, subscription or account an event is. Two requests with one delivery id that
 * differ in one of them are two events. All are the same on a retry. What a retry changes stands nowhere here: signature,
 * time, attempt number, trace, id of the single delivery.
 */
export const IDENTITY_HEADERS = [
  // https://shopify.dev/docs/apps/build/webhooks/delivery-methods/https
  "x-shopify-topic",
  "x-shopify-sub-topic",
  "x-shopify-shop-domain",
  "shopify-topic",
  "shopify-shop-domain",
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
  "x-github-event",
  "x-github-hook-id",
  "x-github-hook-installation-target-id",
  // https://docs.gitlab.com/user/project/integrations/webhooks/#delivery-headers
  "x-gitlab-event",
  "x-gitlab-instance",
  "x-gitlab-webhook-uuid",
  // https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
  "x-event-key",
  "x-hook-uuid",
  // https://linear.app/developers/webhooks
  "linear-event",
  // https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/
  "x-zendesk-account-id",
  "x-zendesk-webhook-id",
  // https://docs.aws.amazon.com/sns/latest/dg/http-header.html
  "x-amz-sns-topic-arn",
  "x-amz-sns-subscription-arn",
  // https://learn.microsoft.com/en-us/azure/event-grid/receive-events, https://github.com/cloudevents/spec
  "aeg-subscription-name",
  "ce-source",
  "ce-type",
  "ce-subject",
  // https://dev.twitch.tv/docs/eventsub/handling-webhook-events/
  "twitch-eventsub-subscription-type",
  // https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks
  "x-wc-webhook-topic",
  "x-wc-webhook-id",
  "x-wc-webhook-source",
  // Senders of no known kind, which identify their deliveries by `idempotency-key` or `webhook-id`.
  "x-event-type",
  "x-event-name",
  "x-webhook-event",
  "x-webhook-topic",
];

/** Of which topic, event, subscription and account an event is, as a hash; undefined where no header says so. */
export function identityOf(headers: Record<string, string>): string | undefined {
  const said = IDENTITY_HEADERS.filter((name) => headers[name] !== undefined);
  if (said.length === 0) return undefined;
  const text = JSON.stringify(said.map((name) => [name, headers[name]!.trim()]));
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
