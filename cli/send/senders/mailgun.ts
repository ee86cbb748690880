import { createHash, createHmac } from "node:crypto";
import type { Fresh, Sender } from "../sender";

const event = (name: string, { id, now }: Fresh, rest: object) => ({
  headers: { "user-agent": "mailgun/treq-23.11.0" },
  body: {
    "event-data": {
      event: name,
      id: `Ase7i2zsRYeDXztHGENq${id.replaceAll("-", "").slice(0, 8)}`,
      timestamp: now.getTime() / 1000,
      "log-level": "info",
      recipient: "alice@example.com",
      "recipient-domain": "example.com",
      message: {
        headers: {
          to: "Alice <alice@example.com>",
          "message-id": "20130503182626.18666.16540@mg.example.net",
          from: "Bob <bob@mg.example.net>",
          subject: "Test delivered webhook",
        },
        attachments: [],
        size: 111,
      },
      tags: ["my_tag_1"],
      "user-variables": {},
      ...rest,
    },
  },
});

export const mailgun: Sender = {
  preset: "mailgun",
  events: {
    delivered: (fresh) =>
      event("delivered", fresh, {
        "delivery-status": { code: 250, message: "OK", "attempt-no": 1, "mx-host": "mx.example.com" },
      }),
    failed: (fresh) =>
      event("failed", fresh, {
        severity: "permanent",
        reason: "suppress-bounce",
        "delivery-status": {
          code: 605,
          message: "",
          description: "Not delivering to previously bounced address",
        },
      }),
  },
  /** The signature is the first thing in the body. */
  sign({ body }, { key, now, id }) {
    const timestamp = String(Math.floor(now / 1000));
    const token = createHash("sha256").update(id).digest("hex").slice(0, 50);
    const signature = createHmac("sha256", key)
      .update(timestamp + token)
      .digest("hex");
    const signed = { signature: { token, timestamp, signature }, ...JSON.parse(body.toString()) };
    return { headers: {}, body: Buffer.from(JSON.stringify(signed)) };
  },
};
