import type { Fresh, Sender } from "../sender";

const event = (type: string, { id, now }: Fresh, data: object) => ({
  contentType: "application/json; charset=utf-8",
  headers: { "user-agent": "Linear-Webhook", "linear-delivery": id, "linear-event": type },
  body: {
    action: "create",
    actor: { id: "b5ea5f1f-8adc-4f52-b4bd-ab4e84cf51ba", type: "user", name: "Jane Doe" },
    createdAt: now.toISOString(),
    data,
    url: "https://linear.app/issue/LIN-1778/foo-bar",
    type,
    organizationId: "a7b1e5c8-6c4b-4d0a-9b2f-1f6a7f3b5f10",
    webhookTimestamp: now.getTime(),
    webhookId: "000042e3-d123-4980-b49f-8e140eef9329",
  },
});

export const linear: Sender = {
  preset: "linear",
  events: {
    Issue: (fresh) =>
      event("Issue", fresh, {
        id: "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9",
        title: "Foo bar",
        number: 1778,
        priority: 2,
        teamId: "72b2a2dc-6f4f-4423-9d34-24b5bd10634a",
        createdAt: fresh.now.toISOString(),
      }),
    Comment: (fresh) =>
      event("Comment", fresh, {
        id: "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9",
        body: "Indeed, I think this is definitely an improvement over the previous version.",
        issueId: "539068e2-ae88-4d09-bd75-22eb4a59612f",
        userId: "aacdca22-6266-4c0a-ab3c-8fa70a26765c",
        createdAt: fresh.now.toISOString(),
      }),
  },
};
