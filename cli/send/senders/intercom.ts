import type { Fresh, Sender } from "../sender";

const event = (topic: string, { id, now }: Fresh, item: object) => {
  const at = Math.floor(now.getTime() / 1000);
  return {
    headers: { accept: "application/json" },
    body: {
      type: "notification_event",
      app_id: "a1b2c3d4",
      data: { type: "notification_event_data", item },
      links: {},
      id: `notif_${id}`,
      topic,
      delivery_status: "pending",
      delivery_attempts: 1,
      delivered_at: 0,
      first_sent_at: at,
      created_at: at,
    },
  };
};

export const intercom: Sender = {
  preset: "intercom",
  events: {
    "conversation.user.created": (fresh) =>
      event("conversation.user.created", fresh, {
        type: "conversation",
        id: "1295",
        created_at: Math.floor(fresh.now.getTime() / 1000),
        state: "open",
        source: {
          type: "conversation",
          id: "501",
          body: "<p>Hello</p>",
          author: { type: "user", id: "5310d8e7" },
        },
      }),
    ping: (fresh) => event("ping", fresh, { type: "ping", message: "Intercom webhook test" }),
  },
};
