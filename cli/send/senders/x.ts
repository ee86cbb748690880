import type { Sender } from "../sender";

export const x: Sender = {
  preset: "x",
  events: {
    tweet_create_events: ({ now }) => ({
      headers: { "user-agent": "TwitterHook" },
      body: {
        for_user_id: "2244994945",
        tweet_create_events: [
          {
            created_at: now.toUTCString(),
            id_str: String(now.getTime()),
            text: "Hello world",
            user: { id_str: "4337869213", screen_name: "furni" },
          },
        ],
      },
    }),
  },
};
