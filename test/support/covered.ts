import type { IncomingRequest } from "../../runtime/event";
import { jsonObject } from "../../runtime/verify/json-body";
import type { Preset } from "../../runtime/verify/preset";
import { adyenText } from "../../runtime/verify/presets/adyen";
import { snsText } from "../../runtime/verify/presets/aws-sns";
import { signedForm } from "../../runtime/verify/presets/twilio";

type Covered = (request: IncomingRequest) => unknown;

/** Of the presets that are no HMAC: where a time is that is signed along. */
const TIMES: Record<string, string> = {
  discord: "x-signature-timestamp",
  sendgrid: "x-twilio-email-event-webhook-timestamp",
  paypal: "paypal-transmission-time",
};

// biome-ignore lint/suspicious/noExplicitAny: providers' JSON
type Json = any;

/** Of the presets that do not cover the body as a whole: what they do cover. */
const PARTLY: Record<string, Covered> = {
  adyen: ({ headers, raw }) => {
    if (headers.hmacsignature !== undefined) return raw.toString("base64");
    const { notificationItems = [] } = jsonObject(raw) as Json;
    return notificationItems.map((each: Json) => adyenText(each.NotificationRequestItem));
  },
  "aws-sns": ({ raw }) => snsText(jsonObject(raw)),
  "api-key": ({ headers }) => headers.authorization?.trim(),
  basic: ({ headers }) => headers.authorization?.replace(/^basic +/i, "").trim(),
  "event-grid": ({ query }) => query.code,
  gitlab: ({ headers, raw }) =>
    headers["webhook-signature"] === undefined
      ? headers["x-gitlab-token"]
      : [raw.toString("base64"), headers["webhook-id"], headers["webhook-timestamp"]],
  mailgun: ({ raw }) => {
    const { timestamp, token } = (jsonObject(raw) as Json).signature;
    return [String(timestamp), token];
  },
  "microsoft-graph": ({ raw }) => [
    ...new Set((jsonObject(raw) as Json).value.map((each: Json) => each.clientState)),
  ],
  okta: ({ headers }) => headers.authorization?.trim(),
  // The same fields in another order, or written otherwise, are the same form.
  twilio: ({ query, raw }) => (query.bodySHA256 ? raw.toString("base64") : signedForm(raw.toString())),
};

/** Time and body without anything between them: then it is the two together that are covered. */
const JOINED = new Set(["sendgrid", "zendesk"]);

/** What of a request must be as it was signed, or it must not be let in. Undefined: nothing, the preset looks at none of it. */
export function coveredBy(preset: Preset, request: IncomingRequest): unknown {
  const partly = PARTLY[preset.name];
  if (partly) return partly(request);
  if (!preset.coversBody) return undefined;
  const { headers, raw } = request;
  const names = /^(svix|standard-webhooks)$/.test(preset.name) ? standardNames(request) : [];
  const time = names[1] ?? TIMES[preset.name] ?? preset.hmac?.timestamp?.header;
  const text = (time && headers[time]?.trim()) ?? "";
  if (JOINED.has(preset.name)) return Buffer.concat([Buffer.from(text), raw]).toString("base64");
  return [raw.toString("base64"), text, names[0] && headers[names[0]]];
}

function standardNames({ headers }: IncomingRequest): string[] {
  const kind = headers["webhook-signature"] === undefined ? "svix" : "webhook";
  return [`${kind}-id`, `${kind}-timestamp`];
}
