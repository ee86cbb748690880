import preset, { hubspotUrl } from "../../../runtime/verify/presets/hubspot";
import { type Fresh, hmacHeaders, type Sender } from "../sender";

const event = (subscriptionType: string, { id, now }: Fresh, rest: object) => ({
  headers: {
    "user-agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client)",
  },
  body: [
    {
      eventId: Number.parseInt(id.replaceAll("-", "").slice(0, 8), 16),
      subscriptionId: 12345,
      portalId: 62515,
      appId: 54321,
      occurredAt: now.getTime(),
      subscriptionType,
      attemptNumber: 0,
      objectId: 123,
      changeSource: "CRM",
      ...rest,
    },
  ],
});

export const hubspot: Sender = {
  preset: "hubspot",
  events: {
    "contact.creation": (fresh) => event("contact.creation", fresh, { changeFlag: "NEW" }),
    "contact.propertyChange": (fresh) =>
      event("contact.propertyChange", fresh, { propertyName: "lifecyclestage", propertyValue: "customer" }),
  },
  sign: (request, signing) => ({
    headers: hmacHeaders(preset.hmac, { ...request, url: hubspotUrl(request.url) }, signing),
  }),
};
