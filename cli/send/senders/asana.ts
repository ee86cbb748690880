import type { Sender } from "../sender";

export const asana: Sender = {
  preset: "asana",
  events: {
    "task.changed": ({ id, now }) => ({
      body: {
        events: [
          {
            user: { gid: "1202286916532", resource_type: "user" },
            created_at: now.toISOString(),
            action: "changed",
            resource: {
              gid: String(Number.parseInt(id.replaceAll("-", "").slice(0, 8), 16)),
              resource_type: "task",
            },
            parent: null,
            change: { field: "due_at", action: "changed" },
          },
        ],
      },
    }),
    heartbeat: () => ({ body: { events: [] } }),
  },
};
