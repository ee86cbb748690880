import type { Fresh, Sender } from "../sender";

const event = (topic: string, { id, now }: Fresh, body: object) => ({
  headers: {
    "user-agent": "Shopify-Captain-Hook",
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": "johns-apparel.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "x-shopify-event-id": id,
    "x-shopify-triggered-at": now.toISOString(),
  },
  body,
});

export const shopify: Sender = {
  preset: "shopify",
  events: {
    "orders/create": (fresh) =>
      event("orders/create", fresh, {
        id: 820982911946154,
        admin_graphql_api_id: "gid://shopify/Order/820982911946154",
        name: "#9999",
        email: "jon@example.com",
        created_at: fresh.now.toISOString(),
        currency: "USD",
        financial_status: "pending",
        total_price: "398.00",
        line_items: [{ id: 866550311766439, title: "IPod Nano - 8GB", quantity: 1, price: "199.00" }],
      }),
    "app/uninstalled": (fresh) =>
      event("app/uninstalled", fresh, {
        id: 548380009,
        name: "Super Toys",
        email: "super@supertoys.com",
        domain: null,
        myshopify_domain: "johns-apparel.myshopify.com",
      }),
  },
};
