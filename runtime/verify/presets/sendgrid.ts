import { createPublicKey, type KeyObject } from "node:crypto";
import { boundaryProblem } from "../boundaries";
import { fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { signedWith } from "../public-key";
import { lateIfAsked, parseTime } from "../tolerance";

const SIGNATURE = "x-twilio-email-event-webhook-signature";
const TIMESTAMP = "x-twilio-email-event-webhook-timestamp";

/** As SendGrid shows it, base64 of DER, or the same as PEM; undefined when it is no key of the P-256 curve. */
function publicKey(secret: string): KeyObject | undefined {
  const der = Buffer.from(secret.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
  try {
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

function check(ask: Ask): Checked {
  const { request, keys } = ask;
  const { [SIGNATURE]: signature, [TIMESTAMP]: timestamp } = request.headers;
  if (!signature) return refused(`the header ${SIGNATURE} is missing`);
  if (!timestamp) return refused(`the header ${TIMESTAMP} is missing`);
  const time = parseTime(timestamp, "s");
  if (time === undefined) return refused(`the header ${TIMESTAMP} is not a time`);
  const cut = boundaryProblem("{timestamp}{body}", request);
  if (cut !== undefined) return refused(cut);
  const signed = Buffer.concat([Buffer.from(timestamp), request.raw]);
  const key = fittingKey(keys, (secret) => {
    const known = publicKey(secret);
    return known !== undefined && signedWith(known, signature, signed);
  });
  if (key === null) return refused("the signature does not fit the public key");
  const late = lateIfAsked(time, ask);
  return late !== undefined ? refused(late) : accepted(key);
}

export default {
  name: "sendgrid",
  title: "Twilio SendGrid",
  docs: "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
  checkedAgainst: "npm @sendgrid/eventwebhook, documentation",
  secret: "The Verification Key of the Signed Event Webhook, under Mail Settings: a public key, MFkw….",
  secretProblem: (secret) =>
    publicKey(secret) ? undefined : "must be a public key, base64 that begins with MFkw",
  coversBody: true,
  // No tolerance unasked: it is tried again for 24 h, and nothing says that it is signed anew then.
  signsTime: true,
  check,
  // A request has many events, each with an sg_event_id, and no id of its own.
  id: [],
} satisfies Preset;
