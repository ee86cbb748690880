import { createHmac } from "node:crypto";
import { answer } from "../../answer";
import { checkHmac, type HmacScheme, hmacPreset } from "../hmac";
import { jsonObject } from "../json-body";
import type { Ask, Shaken } from "../preset";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-zm-signature",
  prefix: "v0=",
  encoding: "hex",
  timestamp: { header: "x-zm-request-timestamp", unit: "any", tolerance: 300 },
  signed: "v0:{timestamp}:{body}",
};

/** Without a colon, so that an answer is never the signature of a request: those begin with "v0:". */
const PLAIN_TOKEN = /^[\w+/=-]{1,200}$/;

/**
 * Asked when the URL is saved, and every 72 hours. Zoom signs the question, as its own sample has it:
 * https://github.com/zoom/webhook-sample, https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
 */
function validateUrl(ask: Ask): Shaken | undefined {
  const { event, payload } = jsonObject(ask.request.raw);
  if (event !== "endpoint.url_validation") return undefined;
  const { plainToken } = (payload ?? {}) as { plainToken?: unknown };
  if (typeof plainToken !== "string" || !PLAIN_TOKEN.test(plainToken)) return undefined;
  // Of several secrets the one that the question was signed with.
  const key = ask.keys.find((each) => checkHmac(hmac, { ...ask, keys: [each] }).ok);
  if (key === undefined) return undefined;
  const encryptedToken = createHmac("sha256", key).update(plainToken).digest("hex");
  return { answer: answer(200, { plainToken, encryptedToken }) };
}

export default hmacPreset({
  name: "zoom",
  title: "Zoom",
  docs: "https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events",
  checkedAgainst: null,
  secret: "The app's Secret Token, in the Zoom App Marketplace under Features, Access.",
  hmac,
  // Zoom names neither deliveries nor events.
  id: [],
  handshakes: [{ when: "verified", method: "POST", answer: validateUrl }],
});
