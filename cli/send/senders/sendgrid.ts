import { generateKeyPairSync, sign } from "node:crypto";
import type { Sender } from "../sender";

export const sendgrid: Sender = {
  preset: "sendgrid",
  privateKey: {
    make:
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sendgrid.pem &&" +
      " openssl pkey -in sendgrid.pem -pubout",
  },
  makeKey() {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    return {
      secret: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
      key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    };
  },
  sign({ body }, { key, now }) {
    const timestamp = String(Math.floor(now / 1000));
    const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), body]), key);
    return {
      headers: {
        "x-twilio-email-event-webhook-signature": signature.toString("base64"),
        "x-twilio-email-event-webhook-timestamp": timestamp,
      },
    };
  },
  events: {
    delivered: ({ id, now }) => ({
      headers: { "user-agent": "SendGrid Event API" },
      body: [
        {
          email: "example@test.com",
          timestamp: Math.floor(now.getTime() / 1000),
          "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
          event: "delivered",
          category: ["cat facts"],
          sg_event_id: Buffer.from(id).toString("base64url"),
          sg_message_id: "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
          response: "250 OK",
        },
      ],
    }),
  },
};
