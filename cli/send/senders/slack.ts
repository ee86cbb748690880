import type { Sender } from "../sender";

export const slack: Sender = {
  preset: "slack",
  events: {
    message: ({ id, now }) => ({
      headers: { "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)" },
      body: {
        token: "XXYYZZ",
        team_id: "T123ABC456",
        api_app_id: "A123ABC456",
        type: "event_callback",
        event_id: `Ev${id.replaceAll("-", "").slice(0, 10).toUpperCase()}`,
        event_time: Math.floor(now.getTime() / 1000),
        event: {
          type: "message",
          channel: "C123ABC456",
          user: "U123ABC456",
          text: "Hello world",
          ts: (now.getTime() / 1000).toFixed(6),
        },
      },
    }),
    url_verification: () => ({
      body: {
        token: "XXYYZZ",
        challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        type: "url_verification",
      },
    }),
  },
};
