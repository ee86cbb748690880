import { createHmac } from "node:crypto";
import { decode } from "../encoding";
import { equalBytes, fittingKey } from "../equal";
import { doesNotFit } from "../hmac";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { parseTime, timeProblem } from "../tolerance";

/** Mailgun tries again for eight hours, perhaps with the first signature: https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks */
const TOLERANCE = 12 * 60 * 60;

/** Of a length that does not change: nothing stands between time and token in what is signed. */
const TIME = /^\d{10}$/;
const TOKEN = /^[\w-]{1,100}$/;

function check({ request, keys, now, settings }: Ask): Checked {
  const signature = (jsonObject(request.raw).signature ?? {}) as Record<string, unknown>;
  const [timestamp, token] = [signature.timestamp, signature.token].map((each) => String(each ?? ""));
  if (!TIME.test(timestamp!) || !TOKEN.test(token!))
    return refused("signature.timestamp or signature.token is missing in the body");
  // Of a subaccount's event the main account's signature stands beside its own.
  const given = [signature.signature, signature["parent-signature"]]
    .map((each) => (typeof each === "string" ? decode(each, "hex") : undefined))
    .filter((each) => each !== undefined);
  if (given.length === 0) return refused("signature.signature in the body is missing or not hex");
  const key = fittingKey(keys, (secret) => {
    const expected = createHmac("sha256", secret).update(`${timestamp}${token}`).digest();
    return given.map((each) => equalBytes(each, expected)).includes(true);
  });
  if (key === null) return refused(doesNotFit(keys.length));
  const late = timeProblem(parseTime(timestamp!, "s")!, settings.tolerance ?? TOLERANCE, now);
  return late === undefined ? accepted(key) : refused(late);
}

export default {
  name: "mailgun",
  title: "Mailgun",
  docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
  checkedAgainst: null,
  secret: "The account's HTTP webhook signing key, in the Mailgun dashboard under API security.",
  // What is signed is a time and a random text, not the event beside them.
  coversBody: false,
  tolerance: TOLERANCE,
  check,
  id: ["body:/event-data/id"],
} satisfies Preset;
