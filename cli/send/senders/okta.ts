import { keyHeader } from "../../../runtime/verify/presets/api-key";
import type { Sender } from "../sender";

export const okta: Sender = {
  preset: "okta",
  events: {
    "user.session.start": ({ id, now }) => ({
      headers: { accept: "application/json" },
      body: {
        eventType: "com.okta.event_hook",
        eventTypeVersion: "1.0",
        cloudEventsVersion: "0.1",
        source: "https://example.okta.com/api/v1/eventHooks/who8tsqyrhCdmetzx135",
        eventId: id,
        data: {
          events: [
            {
              uuid: id,
              published: now.toISOString(),
              eventType: "user.session.start",
              version: "0",
              displayMessage: "User login to Okta",
              severity: "INFO",
              actor: { id: "00uttidj01jqL21aM1d6", type: "User", alternateId: "jane@example.com" },
              outcome: { result: "SUCCESS", reason: null },
            },
          ],
        },
        eventTime: now.toISOString(),
        contentType: "application/json",
      },
    }),
  },
  sign: (_request, { key, settings }) => ({
    headers: { [keyHeader(settings ?? { scheme: "okta" })]: key },
  }),
};
