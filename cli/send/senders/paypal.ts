import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { crc32 } from "node:zlib";
import { selfSigned } from "../self-signed";
import type { Sender } from "../sender";

const DAY_MS = 86_400_000;

/** What PayPal signs with: the webhook's id, which the deployment has too, and a private key. */
const joined = (webhook: string, pem: string) => `${webhook}\n${pem}`;

export const paypal: Sender = {
  preset: "paypal",
  privateKey: "certificate",
  makeKey() {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const webhook = randomBytes(9).toString("hex").slice(0, 17).toUpperCase();
    return {
      secret: webhook,
      key: joined(webhook, privateKey.export({ format: "pem", type: "pkcs8" }).toString()),
    };
  },
  sign({ body }, { key, now, id }) {
    const [, webhook = "", pem = ""] = /^([^\n]*)\n(.*)$/s.exec(key) ?? [];
    const url = `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${id}`;
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
    const signed = [id, time, webhook, crc32(body)].join("|");
    const certificate = {
      common: "messageverificationcerts.sandbox.paypal.com",
      from: now - DAY_MS,
      to: now + DAY_MS,
    };
    return {
      headers: {
        "paypal-transmission-id": id,
        "paypal-transmission-time": time,
        "paypal-transmission-sig": sign("sha256", Buffer.from(signed), pem).toString("base64"),
        "paypal-cert-url": url,
        "paypal-auth-algo": "SHA256withRSA",
      },
      served: { [url]: selfSigned(pem, certificate) },
    };
  },
  events: {
    "PAYMENT.CAPTURE.COMPLETED": ({ id, now }) => ({
      headers: { "user-agent": "PayPal/AUHD-214.0-58843820" },
      body: {
        id: `WH-${id.replaceAll("-", "").slice(0, 17).toUpperCase()}`,
        event_version: "1.0",
        create_time: now.toISOString(),
        resource_type: "capture",
        resource_version: "2.0",
        event_type: "PAYMENT.CAPTURE.COMPLETED",
        summary: "Payment completed for $ 30.0 USD",
        resource: {
          id: "42311647XV020574X",
          amount: { currency_code: "USD", value: "30.00" },
          final_capture: true,
          status: "COMPLETED",
          create_time: now.toISOString(),
        },
      },
    }),
  },
};
