import { randomBytes } from "node:crypto";
import type { Fresh, Sender } from "../sender";

/** Paddle's ids: a kind and 26 characters. */
const idOf = (kind: string, id: string) => `${kind}_${id.replaceAll("-", "").slice(0, 26)}`;

const event = (type: string, { id, now }: Fresh, data: object) => ({
  headers: { "user-agent": "Paddle" },
  body: {
    event_id: idOf("evt", id),
    event_type: type,
    occurred_at: now.toISOString(),
    notification_id: idOf("ntf", id),
    data,
  },
});

export const paddle: Sender = {
  preset: "paddle",
  makeKey: () => {
    const secret = `pdl_ntfset_${randomBytes(13).toString("hex")}_${randomBytes(16).toString("hex")}`;
    return { secret, key: secret };
  },
  events: {
    "transaction.completed": (fresh) =>
      event("transaction.completed", fresh, {
        id: "txn_01hv8wptq8987qeep44cyrewp9",
        status: "completed",
        customer_id: "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
        currency_code: "USD",
        invoice_number: "325-10566",
        items: [{ price: { id: "pri_01gsz8x8sawmvhz1pv30nge1ke" }, quantity: 10 }],
        details: { totals: { subtotal: "30000", tax: "2662", total: "32662", currency_code: "USD" } },
        billed_at: fresh.now.toISOString(),
      }),
    "subscription.canceled": (fresh) =>
      event("subscription.canceled", fresh, {
        id: "sub_01hv8x29kz0t586xy6zn1a62ny",
        status: "canceled",
        customer_id: "ctm_01hv6y1jedq4p1n0yqn5ba3ky4",
        currency_code: "USD",
        canceled_at: fresh.now.toISOString(),
      }),
  },
};
