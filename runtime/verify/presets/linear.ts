import { checkHmac, type HmacScheme } from "../hmac";
import { jsonObject } from "../json-body";
import { type Check, type Preset, refused } from "../preset";
import { timeProblem } from "../tolerance";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "linear-signature",
  encoding: "hex",
  signed: "{body}",
};

/** https://linear.app/developers/webhooks: within a minute. */
const TOLERANCE = 60;

const check: Check = (ask) => {
  const checked = checkHmac(hmac, ask);
  if (!checked.ok) return checked;
  const { webhookTimestamp: time } = jsonObject(ask.request.raw);
  if (typeof time !== "number") return refused("webhookTimestamp in the body is missing");
  const late = timeProblem(time, ask.settings.tolerance ?? TOLERANCE, ask.now);
  return late === undefined ? checked : refused(late);
};

export default {
  name: "linear",
  title: "Linear",
  docs: "https://linear.app/developers/webhooks#securing-webhooks",
  checkedAgainst: "npm @linear/sdk",
  secret: "The webhook's signing secret, on its page under Settings, API.",
  coversBody: true,
  tolerance: TOLERANCE,
  hmac,
  check,
  id: ["header:linear-delivery"],
} satisfies Preset;
