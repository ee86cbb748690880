import type { Fresh, Sender } from "../sender";

const invitee = (event: string, { id, now }: Fresh, status: string) => ({
  body: {
    created_at: `${now.toISOString().slice(0, -1)}000Z`,
    created_by: "https://api.calendly.com/users/AAAAAAAAAAAAAAAA",
    event,
    payload: {
      cancel_url: `https://calendly.com/cancellations/${id}`,
      created_at: now.toISOString(),
      email: "test@example.com",
      event: "https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2",
      name: "John Doe",
      questions_and_answers: [],
      reschedule_url: `https://calendly.com/reschedulings/${id}`,
      rescheduled: false,
      status,
      timezone: "America/New_York",
      updated_at: now.toISOString(),
      uri: `https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2/invitees/${id}`,
    },
  },
});

export const calendly: Sender = {
  preset: "calendly",
  events: {
    "invitee.created": (fresh) => invitee("invitee.created", fresh, "active"),
    "invitee.canceled": (fresh) => invitee("invitee.canceled", fresh, "canceled"),
  },
};
