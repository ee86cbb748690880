import { equalText, fittingKey } from "../equal";
import { echo, queryValue } from "../handshake";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";

/** Every notification of a request has the clientState of its own subscription: one that is wrong, and none is taken. */
function check({ request, keys }: Ask): Checked {
  const { value } = jsonObject(request.raw);
  if (!Array.isArray(value) || value.length === 0) return refused("the body has no notifications in value");
  let first: number | null = null;
  for (const notification of value as unknown[]) {
    const state = (notification as { clientState?: unknown } | null)?.clientState;
    if (typeof state !== "string") return refused("a notification has no clientState");
    const key = fittingKey(keys, (secret) => equalText(secret, state));
    if (key === null) return refused("a clientState is not the secret");
    first ??= key;
  }
  return accepted(first);
}

export default {
  name: "microsoft-graph",
  title: "Microsoft Graph",
  docs: "https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks",
  // Nothing is signed; the notification and the answer are the page's.
  checkedAgainst: "documentation",
  secret: "The clientState that the subscription was made with, of up to 255 characters.",
  secretProblem: (secret) => (secret.length > 255 ? "must have at most 255 characters" : undefined),
  coversBody: false,
  check,
  id: [],
  handshakes: [
    {
      // Within 10 s, decoded, as plain text.
      when: "open",
      method: "POST",
      answer: (ask) => {
        const token = queryValue(ask, "validationToken");
        return token ? echo(token) : undefined;
      },
    },
  ],
  success: { status: 202 },
} satisfies Preset;
