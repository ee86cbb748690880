import { randomBytes } from "node:crypto";
import type { Fresh, Sender } from "../sender";

const event = (type: string, { id, now }: Fresh, object: object) => ({
  contentType: "application/json; charset=utf-8",
  headers: { "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)" },
  body: {
    id: `evt_${id.replaceAll("-", "").slice(0, 24)}`,
    object: "event",
    api_version: "2026-10-28.basil",
    created: Math.floor(now.getTime() / 1000),
    type,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: { object },
  },
});

export const stripe: Sender = {
  preset: "stripe",
  makeKey() {
    const secret = `whsec_${randomBytes(24).toString("hex")}`;
    return { secret, key: secret };
  },
  events: {
    "payment_intent.succeeded": (fresh) =>
      event("payment_intent.succeeded", fresh, {
        id: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
        object: "payment_intent",
        amount: 2000,
        amount_received: 2000,
        currency: "usd",
        status: "succeeded",
      }),
    "checkout.session.completed": (fresh) =>
      event("checkout.session.completed", fresh, {
        id: "cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u",
        object: "checkout.session",
        amount_total: 2198,
        currency: "usd",
        payment_status: "paid",
        status: "complete",
      }),
  },
};
