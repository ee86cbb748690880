import { answer } from "../../answer";
import { equalText, fittingKey } from "../equal";
import { queryValue } from "../handshake";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused, type Shaken } from "../preset";

const PAGES = "https://learn.microsoft.com/en-us/azure/event-grid";

function check(ask: Ask): Checked {
  const code = queryValue(ask, "code");
  if (!code) return refused("the parameter code of the URL is missing");
  const key = fittingKey(ask.keys, (secret) => equalText(secret, code));
  return key === null ? refused("the parameter code of the URL is not the secret") : accepted(key);
}

/** https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema */
function validate({ request }: Ask): Shaken | undefined {
  if (request.headers["aeg-event-type"] !== "SubscriptionValidation") return undefined;
  const [event] = Object.values(jsonObject(request.raw));
  const { validationCode } = (event as { data?: { validationCode?: unknown } } | null)?.data ?? {};
  if (typeof validationCode !== "string") return undefined;
  return { answer: answer(200, { validationResponse: validationCode }) };
}

/** CloudEvents ask for permission: https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection */
function allow(ask: Ask): Shaken | undefined {
  const origin = ask.request.headers["webhook-request-origin"];
  if (origin === undefined || !/^[\w.-]{1,253}$/.test(origin) || !check(ask).ok) return undefined;
  return {
    answer: answer(200, undefined, { "webhook-allowed-origin": origin, "webhook-allowed-rate": "*" }),
  };
}

export default {
  name: "event-grid",
  title: "Azure Event Grid",
  docs: `${PAGES}/security-authentication`,
  // Nothing is signed; the questions and their answers are the pages'.
  checkedAgainst: "documentation",
  secret: "What stands in the webhook's URL as ?code=…, a text of your own choice.",
  coversBody: false,
  check,
  // An id is unique within its topic or source; both schemas, alone and in a list.
  id: [
    "body:/0/topic+body:/0/id",
    "header:ce-source+header:ce-id",
    "body:/source+body:/id",
    "body:/0/source+body:/0/id",
  ],
  // Both questions come to the same URL, with its code: nobody else is answered. To OPTIONS only an open one can answer.
  handshakes: [
    { when: "verified", method: "POST", answer: validate },
    { when: "open", method: "OPTIONS", answer: allow },
  ],
  redact: () => ["query:code"],
} satisfies Preset;
