import type { Sender } from "../sender";

export const square: Sender = {
  preset: "square",
  events: {
    "payment.updated": ({ id, now }) => ({
      headers: {
        "user-agent": "Square Connect v2",
        "square-environment": "Sandbox",
        "square-initial-delivery-timestamp": now.toISOString(),
      },
      body: {
        merchant_id: "6SSW7HV8K2ST5",
        type: "payment.updated",
        event_id: id,
        created_at: now.toISOString(),
        data: {
          type: "payment",
          id: "hYy9pRFVxpDsO1FB05SunFWUe9JZY",
          object: {
            payment: {
              id: "hYy9pRFVxpDsO1FB05SunFWUe9JZY",
              amount_money: { amount: 100, currency: "USD" },
              location_id: "S8GWD5R9QB376",
              order_id: "03O3USaPaAaFnI6kkwB1JxGgBsUZY",
              source_type: "CARD",
              status: "COMPLETED",
              updated_at: now.toISOString(),
            },
          },
        },
      },
    }),
  },
};
