import { randomBytes } from "node:crypto";
import type { Fresh, Sender } from "../sender";

const headers = {
  "x-authorization-digest": "HMACSHA256",
  "x-docusign-accountid": "0e1ad0d7-1b1a-4ba5-9c5b-8b5d5ba4e7f0",
};

const event = (name: string, { id, now }: Fresh, data: object) => ({
  headers,
  contentType: "application/json; charset=utf-8",
  body: {
    event: name,
    apiVersion: "v2.1",
    uri: `/restapi/v2.1/accounts/${headers["x-docusign-accountid"]}/envelopes/${id}`,
    retryCount: 0,
    configurationId: 10418598,
    generatedDateTime: `${now.toISOString().slice(0, -1)}0000Z`,
    data: {
      accountId: headers["x-docusign-accountid"],
      userId: "8e3d5a7b-9b3a-4f3c-8a61-3d7d5c2b1a90",
      envelopeId: id,
      ...data,
    },
  },
});

export const docusign: Sender = {
  preset: "docusign",
  events: {
    "envelope-completed": (fresh) => event("envelope-completed", fresh, {}),
    "recipient-completed": (fresh) => event("recipient-completed", fresh, { recipientId: "1" }),
  },
  makeKey() {
    const secret = randomBytes(32).toString("base64");
    return { secret, key: secret };
  },
};
