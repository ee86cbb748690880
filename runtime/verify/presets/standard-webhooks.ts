import { decode } from "../encoding";
import { checkHmac, type HmacScheme } from "../hmac";
import { type Ask, type Checked, type Preset, refused } from "../preset";

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

const NAMES = ["id", "timestamp", "signature"] as const;

/** The specification forbids a full stop in an id: with one, the end of what is signed as id could move. */
const ID = /^[^.\s]{1,200}$/;

function check(ask: Ask): Checked {
  const { headers } = ask.request;
  const both = NAMES.filter(
    (name) => headers[`webhook-${name}`] !== undefined && headers[`svix-${name}`] !== undefined,
  );
  // Only one of the two is looked at: the other must not say another thing, the delivery id above all.
  const odd = both.find((name) => headers[`webhook-${name}`] !== headers[`svix-${name}`]);
  if (odd) return refused(`webhook-${odd} and svix-${odd} are not the same`);
  const named = withStandardNames(ask);
  if (!ID.test(named.request.headers["webhook-id"] ?? ""))
    return refused("the header webhook-id is missing or no id");
  return checkHmac(hmac, named);
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
  check,
  id: ["header:webhook-id", "header:svix-id"],
} satisfies Preset;
