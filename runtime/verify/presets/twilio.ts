import { createHash, createHmac } from "node:crypto";
import type { IncomingRequest } from "../../event";
import { decode } from "../encoding";
import { equalBytes, fittingKey } from "../equal";
import { doesNotFit } from "../hmac";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { requestUrl } from "../request-url";

const HEADER = "x-twilio-signature";
/** https://github.com/twilio/twilio-node/blob/main/examples/WebhookSignatureValidation.md: then the secret is a SharedKey. */
const SETTINGS = "x-twilio-webhooks-signature-settings";

/** A form of Twilio's has some dozens of fields; what is more is not parsed for a stranger. */
const MOST_FORM_BYTES = 64 * 1024;
const MOST_FIELDS = 1000;

function isForm({ contentType, raw }: IncomingRequest): boolean {
  if (!/^\s*application\/x-www-form-urlencoded/i.test(contentType ?? "")) return false;
  if (raw.length > MOST_FORM_BYTES) return false;
  return raw.reduce((count, byte) => count + (byte === 0x26 ? 1 : 0), 1) <= MOST_FIELDS;
}

/** Form parameters as they are signed: sorted, name and value without anything between, a value that repeats once. */
export function signedForm(text: string): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(text))
    values.set(name, (values.get(name) ?? new Set()).add(value));
  const names = [...values.keys()].sort();
  return names
    .map((name) =>
      [...values.get(name)!]
        .sort()
        .map((value) => name + value)
        .join(""),
    )
    .join("");
}

/** Twilio signs with the port or without it, whatever was called: the URL as it came, and as a parser writes it. */
export function urlVariants(url: string): string[] {
  const all = [url, URL.parse(url)?.href ?? url].flatMap((each) => {
    const [, scheme, host, rest] = /^(https?:\/\/)([^/?#:]*)(?::\d+)?(.*)$/is.exec(each) ?? [];
    if (scheme === undefined) return [each];
    const port = scheme.toLowerCase() === "https://" ? ":443" : ":80";
    const given = /^https?:\/\/[^/?#:]*(:\d+)/i.exec(each)?.[1];
    return [`${scheme}${host}${rest}`, `${scheme}${host}${given ?? port}${rest}`];
  });
  return [...new Set(all)];
}

/** What is signed after the URL; undefined when neither way of signing covers this body. */
function parameters({ request }: Ask, url: string): string | undefined {
  const hash = URL.parse(url)?.searchParams.get("bodySHA256");
  if (hash) {
    const given = decode(hash, "hex");
    const body = createHash("sha256").update(request.raw).digest();
    return given && equalBytes(given, body) ? "" : undefined;
  }
  if (request.raw.length === 0) return "";
  return isForm(request) ? signedForm(request.raw.toString()) : undefined;
}

function check(ask: Ask): Checked {
  const { request, keys, settings } = ask;
  const text = request.headers[HEADER];
  if (!text) return refused(`the header ${HEADER} is missing`);
  const given = decode(text, "base64");
  if (!given) return refused(`the signature in ${HEADER} is not base64`);
  const url = requestUrl(request, settings.url);
  const after = parameters(ask, url);
  if (after === undefined) return refused("the body is neither a signed form nor what bodySHA256 says");
  const sha256 = /\balgorithm=HMAC_SHA256\b/.test(request.headers[SETTINGS] ?? "");
  const key = fittingKey(keys, (secret) =>
    urlVariants(url)
      .map((each) =>
        createHmac(sha256 ? "sha256" : "sha1", secret)
          .update(each + after)
          .digest(),
      )
      .map((mac) => equalBytes(mac, given))
      .includes(true),
  );
  return key === null ? refused(doesNotFit(keys.length)) : accepted(key);
}

export default {
  name: "twilio",
  title: "Twilio",
  docs: "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
  checkedAgainst: "npm twilio, documentation",
  secret: "The account's primary Auth Token, in the Console.",
  coversBody: true,
  signsUrl: true,
  check,
  // The same over retries: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
  id: ["header:i-twilio-idempotency-token"],
  // A message or a call waits for instructions: none.
  success: { body: "<Response/>", contentType: "text/xml" },
} satisfies Preset;
