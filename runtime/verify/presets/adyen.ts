import { createHmac } from "node:crypto";
import { decode } from "../encoding";
import { equalBytes, fittingKey } from "../equal";
import { doesNotFit } from "../hmac";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";

/** One thing that is signed, and its signature. */
export interface AdyenSigned {
  text: string | Buffer;
  signature: Buffer;
}

type Fields = Record<string, unknown>;

/** More than one is not sent in JSON; what is beyond is not looked at, and so not let in. */
const MOST_ITEMS = 100;

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

/** In this order, without escapes, as Adyen's own libraries have it: https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures */
export function adyenText(item: Fields): string {
  const { value, currency } = fieldsOf(item.amount);
  const { pspReference, originalReference, merchantAccountCode, merchantReference } = item;
  const references = [pspReference, originalReference, merchantAccountCode, merchantReference];
  return [...references, value, currency, item.eventCode, item.success]
    .map((part) => (typeof part === "object" ? "" : String(part ?? "")))
    .join(":");
}

export function adyenMac(secret: string, text: string | Buffer): Buffer | undefined {
  const key = decode(secret, "hex");
  return key && createHmac("sha256", key).update(text).digest();
}

/** Payments are signed one by one inside of the body, everything else by a header over all of it. */
function signedParts({ request: { headers, raw } }: Ask): AdyenSigned[] | string {
  const header = headers.hmacsignature;
  if (header !== undefined) {
    // What is signed of a payment is no JSON: it must not pass for a platform webhook's body.
    if (raw[0] !== 0x7b) return "the body is no JSON object";
    const signature = decode(header.trim(), "base64");
    return signature ? [{ text: raw, signature }] : "the header hmacsignature is not base64";
  }
  const { notificationItems: items } = jsonObject(raw);
  if (!Array.isArray(items) || items.length === 0)
    return "there is neither the header hmacsignature nor notificationItems in the body";
  if (items.length > MOST_ITEMS) return `there are more than ${MOST_ITEMS} notificationItems`;
  const parts: AdyenSigned[] = [];
  for (const each of items) {
    const item = fieldsOf(fieldsOf(each).NotificationRequestItem);
    const { hmacSignature } = fieldsOf(item.additionalData);
    const signature = typeof hmacSignature === "string" ? decode(hmacSignature, "base64") : undefined;
    if (!signature) return "a notification has no additionalData.hmacSignature, or not in base64";
    parts.push({ text: adyenText(item), signature });
  }
  return parts;
}

function check(ask: Ask): Checked {
  const parts = signedParts(ask);
  if (typeof parts === "string") return refused(parts);
  const key = fittingKey(ask.keys, (secret) =>
    parts
      .map(({ text, signature }) => {
        const expected = adyenMac(secret, text);
        return expected !== undefined && equalBytes(signature, expected);
      })
      .every(Boolean),
  );
  return key === null ? refused(doesNotFit(ask.keys.length)) : accepted(key);
}

const ITEM = "body:/notificationItems/0/NotificationRequestItem";

export default {
  name: "adyen",
  title: "Adyen",
  docs: "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures",
  checkedAgainst: "npm @adyen/api-library, documentation",
  secret: "The webhook's HMAC key, hex digits, in the Customer Area under Developers, Webhooks.",
  secretProblem: (secret) => (decode(secret, "hex") ? undefined : "must be hex digits"),
  // Of a payment eight fields are signed; platform webhooks are covered whole.
  coversBody: false,
  check,
  // Adyen tells duplicates of payments by eventCode and pspReference, but a later one may say more than the first.
  // Transfers are counted; the times of other platform webhooks are too coarse to be an id.
  id: [
    `${ITEM}/eventCode+${ITEM}/pspReference+${ITEM}/success+${ITEM}/eventDate`,
    "body:/type+body:/data/id+body:/data/sequenceNumber",
  ],
  // Webhooks that were set up before 2024 count as delivered by this text alone, later ones by the status.
  success: { body: "[accepted]" },
} satisfies Preset;
