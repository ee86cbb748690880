import { randomBytes } from "node:crypto";
import presetOf from "../../../runtime/verify/presets/standard-webhooks";
import { hmacHeaders, type Sender } from "../sender";

const events: Sender["events"] = {
  "invoice.paid": ({ id, now }) => ({
    headers: { "webhook-id": `msg_${id.replaceAll("-", "").slice(0, 27)}` },
    body: {
      type: "invoice.paid",
      timestamp: now.toISOString(),
      data: { id: "inv_2XJ9QkYtq", amount: 4200, currency: "eur" },
    },
  }),
};

const makeKey = () => {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  return { secret, key: secret };
};

export const standardWebhooks: Sender = { preset: "standard-webhooks", events, makeKey };

/** The same under Svix's own header names. */
export const svix: Sender = {
  preset: "svix",
  events,
  makeKey,
  sign(request, signing) {
    const standard = hmacHeaders(presetOf.hmac, request, signing);
    const all = { "webhook-id": request.headers["webhook-id"]!, ...standard };
    const renamed = Object.entries(all).map(([name, value]) => [name.replace("webhook-", "svix-"), value]);
    return { headers: Object.fromEntries(renamed) };
  },
};
