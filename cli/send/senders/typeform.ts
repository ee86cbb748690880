import type { Sender } from "../sender";

export const typeform: Sender = {
  preset: "typeform",
  events: {
    form_response: ({ id, now }) => ({
      headers: { "user-agent": "Typeform Webhooks" },
      body: {
        event_id: id,
        event_type: "form_response",
        form_response: {
          form_id: "lT4Z3j",
          token: "a3a12ec67a1365927098a606107fac15",
          landed_at: now.toISOString(),
          submitted_at: now.toISOString(),
          definition: {
            id: "lT4Z3j",
            title: "Webhooks example",
            fields: [
              { id: "DlXFaesGBpoF", title: "How are you?", type: "long_text", ref: "readable_ref_long_text" },
            ],
          },
          answers: [
            {
              type: "text",
              text: "It's cold right now.",
              field: { id: "DlXFaesGBpoF", type: "long_text", ref: "readable_ref_long_text" },
            },
          ],
        },
      },
    }),
  },
};
