import type { Fresh, Sender } from "../sender";

const event = (type: string, { id, now }: Fresh, change: object) => ({
  headers: {
    "user-agent": "Zendesk Webhook",
    "x-zendesk-account-id": "123456",
    "x-zendesk-webhook-id": "01F1KRFQ6BG29CNWFR60NK5FNY",
    "x-zendesk-webhook-invocation-id": id,
  },
  body: {
    account_id: 123456,
    id,
    type: `zen:event-type:${type}`,
    subject: "zen:ticket:5158",
    time: now.toISOString(),
    zendesk_event_version: "2022-11-06",
    event: change,
    detail: {
      id: "5158",
      subject: "Printer on fire",
      status: "OPEN",
      priority: "HIGH",
      requester_id: "8447388090494",
      updated_at: now.toISOString(),
    },
  },
});

export const zendesk: Sender = {
  preset: "zendesk",
  events: {
    "ticket.status_changed": (fresh) =>
      event("ticket.status_changed", fresh, { current: "OPEN", previous: "NEW" }),
    "ticket.created": (fresh) => event("ticket.created", fresh, {}),
  },
};
