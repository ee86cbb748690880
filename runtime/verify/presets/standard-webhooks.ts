import { decode } from "../encoding";
import { checkHmac, type HmacScheme } from "../hmac";
import type { Ask, Preset } from "../preset";

/** `whsec_` and base64, or base64 alone. */
export function standardKey(secret: string): Buffer | undefined {
  return decode(secret.replace(/^whsec_/, ""), "base64");
}

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "webhook-signature",
  prefix: "v1,",
  separator: " ",
  encoding: "base64",
  timestamp: { header: "webhook-timestamp", unit: "s", tolerance: 300 },
  signed: "{header:webhook-id}.{timestamp}.{body}",
  key: standardKey,
};

/** Svix, where the standard comes from, has names of its own for the same three headers. */
export function withStandardNames(ask: Ask): Ask {
  const { headers } = ask.request;
  if (headers["webhook-signature"] !== undefined || headers["svix-signature"] === undefined) return ask;
  const named = {
    "webhook-id": headers["svix-id"] ?? "",
    "webhook-timestamp": headers["svix-timestamp"] ?? "",
    "webhook-signature": headers["svix-signature"],
  };
  return { ...ask, request: { ...ask.request, headers: { ...headers, ...named } } };
}

export default {
  name: "standard-webhooks",
  title: "Standard Webhooks, Svix",
  docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
  checkedAgainst: "npm standardwebhooks, npm svix",
  secret: "The endpoint's signing secret, whsec_….",
  secretProblem: (secret) => (standardKey(secret) ? undefined : "must be whsec_ and base64"),
  coversBody: true,
  tolerance: hmac.timestamp!.tolerance,
  hmac,
  check: (ask) => checkHmac(hmac, withStandardNames(ask)),
  id: ["header:webhook-id", "header:svix-id"],
} satisfies Preset;
