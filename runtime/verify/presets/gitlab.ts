import { equalText, fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import standard, { standardKey } from "./standard-webhooks";

/** A signing token: `whsec_` and the base64 of 32 bytes. Anything else is a secret token, which is sent as it is. */
export const isSigningToken = (secret: string): boolean =>
  secret.startsWith("whsec_") && standardKey(secret)?.length === 32;

/** Each kind of key is tried on what it is for alone: a signing token in X-Gitlab-Token proves nothing. */
function check(ask: Ask): Checked {
  const { headers } = ask.request;
  const kept = (fits: (key: string) => boolean) => ask.keys.map((key) => (fits(key) ? key : ""));
  if (headers["webhook-signature"] !== undefined && ask.keys.some(isSigningToken)) {
    // The standard's own check: it guards the id, too, whose end could otherwise become time and body.
    const signed = standard.check({ ...ask, keys: kept(isSigningToken) });
    if (signed.ok || ask.keys.every(isSigningToken)) return signed;
  }
  if (ask.keys.length > 0 && ask.keys.every(isSigningToken))
    return refused("the header webhook-signature is missing");
  const token = headers["x-gitlab-token"];
  if (!token) return refused("the header x-gitlab-token is missing");
  const plain = kept((key) => !isSigningToken(key));
  const key = fittingKey(plain, (secret) => equalText(secret, token));
  return key === null ? refused("x-gitlab-token is not the secret") : accepted(key);
}

export default {
  name: "gitlab",
  title: "GitLab",
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  checkedAgainst: "npm standardwebhooks",
  secret: "The webhook's signing token, whsec_…, or its secret token. Only the first one signs the body.",
  secretProblem: (secret) =>
    secret.startsWith("whsec_") && !isSigningToken(secret)
      ? "begins like a signing token: then it must be whsec_ and the base64 of 32 bytes"
      : undefined,
  // So it is with a secret token; a signing token covers the body and a time.
  coversBody: false,
  signsTime: true,
  timeNote: `with a signing token signed, within ${standard.tolerance} s; with a secret token not signed`,
  check,
  // Not X-Gitlab-Event-UUID: webhooks that one webhook sets off have it in common, and none of them must be lost.
  id: ["header:idempotency-key", "header:webhook-id"],
  redact: () => ["header:x-gitlab-token"],
} satisfies Preset;
