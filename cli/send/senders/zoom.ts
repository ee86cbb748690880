import type { Fresh, Sender } from "../sender";

const headers = { "user-agent": "Zoom Marketplace/1.0a", clientid: "o8KHZeUXRDqYFB3xg6YlwA" };

const meeting = (event: string, { now }: Fresh, object: object) => ({
  headers,
  contentType: "application/json; charset=utf-8",
  body: {
    event,
    event_ts: now.getTime(),
    payload: {
      account_id: "AAAAAABBBB",
      object: {
        id: "1234567890",
        uuid: "4444AAAiAAAAAiAiAiiAii==",
        host_id: "x1yCzABCDEfg23HiJKl4mN",
        topic: "My Meeting",
        type: 2,
        start_time: now.toISOString(),
        timezone: "America/Los_Angeles",
        duration: 60,
        ...object,
      },
    },
  },
});

export const zoom: Sender = {
  preset: "zoom",
  events: {
    "meeting.started": (fresh) => meeting("meeting.started", fresh, {}),
    "meeting.ended": (fresh) => meeting("meeting.ended", fresh, { end_time: fresh.now.toISOString() }),
    "endpoint.url_validation": ({ now }) => ({
      headers,
      contentType: "application/json; charset=utf-8",
      body: {
        payload: { plainToken: "qgg8vlvZRS6UYooatFL8Aw" },
        event_ts: now.getTime(),
        event: "endpoint.url_validation",
      },
    }),
  },
};
