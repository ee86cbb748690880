import { randomBytes } from "node:crypto";
import type { Sender } from "../sender";

export const basic: Sender = {
  preset: "basic",
  events: {
    event: ({ id, now }) => ({
      headers: { "webhook-id": id },
      body: { event: "created", at: now.toISOString(), data: { hello: "world" } },
    }),
  },
  sign: (_request, { key }) => ({
    headers: { authorization: `Basic ${Buffer.from(key).toString("base64")}` },
  }),
  makeKey() {
    const secret = `hooks:${randomBytes(18).toString("base64url")}`;
    return { secret, key: secret };
  },
};
