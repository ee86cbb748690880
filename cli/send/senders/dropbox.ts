import type { Sender } from "../sender";

export const dropbox: Sender = {
  preset: "dropbox",
  events: {
    list_folder: ({ id }) => ({
      headers: { "user-agent": "DropboxWebhooks/1.0" },
      body: {
        list_folder: { accounts: [`dbid:${id.replaceAll("-", "")}`] },
        delta: { users: [12345678] },
      },
    }),
  },
};
