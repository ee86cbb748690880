import { type Delivery, type Library, library } from "./library";

interface TwilioLike {
  validateRequest(token: string, signature: string, url: string, params: object): boolean;
  validateRequestWithBody(token: string, signature: string, url: string, body: string): boolean;
  getExpectedTwilioSignature(token: string, url: string, params: object): string;
}
interface SendgridLike {
  EventWebhook: new () => {
    convertPublicKeyToECDSA(key: string): object;
    verifySignature(key: object, body: string, signature: string, timestamp: string): boolean;
  };
}
/** What SendGrid's library checks with can sign, too. */
interface StarkbankLike {
  Ecdsa: { sign(message: string, key: object): { toBase64(): string } };
  PrivateKey: { fromPem(pem: string): object };
}
interface SlackLike {
  verifySlackRequest(options: object): void;
}
interface DiscordLike {
  verifyKey(body: string, signature: string, timestamp: string, key: string): Promise<boolean>;
}

const SENDGRID = "x-twilio-email-event-webhook";
const twilio = () => library<TwilioLike>("twilio");
const form = ({ text }: Delivery) => Object.fromEntries(new URLSearchParams(text));

export const messages: Library[] = [
  {
    npm: "twilio",
    preset: "twilio",
    accepts: async (it) =>
      (await twilio()).validateRequest(
        it.pair.secret,
        it.parts.headers["x-twilio-signature"]!,
        it.url,
        form(it),
      ),
    signs: async (it) => ({
      "x-twilio-signature": (await twilio()).getExpectedTwilioSignature(it.pair.secret, it.url, form(it)),
    }),
  },
  {
    npm: "twilio",
    preset: "twilio",
    event: "com.twilio.messaging.message.delivered",
    accepts: async ({ parts, pair, url, text }) =>
      (await twilio()).validateRequestWithBody(pair.secret, parts.headers["x-twilio-signature"]!, url, text),
    signs: async ({ pair, url }) => ({
      "x-twilio-signature": (await twilio()).getExpectedTwilioSignature(pair.secret, url, {}),
    }),
  },
  {
    npm: "@sendgrid/eventwebhook",
    preset: "sendgrid",
    accepts: async ({ parts: { headers }, text, pair }) => {
      const { EventWebhook } = await library<SendgridLike>("@sendgrid/eventwebhook");
      const key = new EventWebhook().convertPublicKeyToECDSA(pair.secret);
      const { [`${SENDGRID}-signature`]: signature, [`${SENDGRID}-timestamp`]: timestamp } = headers;
      return new EventWebhook().verifySignature(key, text, signature!, timestamp!);
    },
    signs: async ({ text, pair }) => {
      const { Ecdsa, PrivateKey } = await library<StarkbankLike>("starkbank-ecdsa");
      const { createPrivateKey } = await import("node:crypto");
      // It reads keys as OpenSSL's `ec` wrote them.
      const pem = createPrivateKey(pair.key).export({ format: "pem", type: "sec1" }).toString();
      const timestamp = "1700000000";
      return {
        [`${SENDGRID}-timestamp`]: timestamp,
        [`${SENDGRID}-signature`]: Ecdsa.sign(timestamp + text, PrivateKey.fromPem(pem)).toBase64(),
      };
    },
  },
  {
    npm: "@slack/bolt",
    preset: "slack",
    accepts: async ({ parts: { headers }, text, pair }) => {
      const { verifySlackRequest } = await library<SlackLike>(
        "@slack/bolt",
        "dist/receivers/verify-request.js",
      );
      verifySlackRequest({
        signingSecret: pair.secret,
        body: text,
        headers: {
          "x-slack-signature": headers["x-slack-signature"],
          "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
        },
      });
      return true;
    },
  },
  {
    npm: "discord-interactions",
    preset: "discord",
    accepts: async ({ parts: { headers }, text, pair }) => {
      const { verifyKey } = await library<DiscordLike>("discord-interactions");
      const { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp } = headers;
      return verifyKey(text, signature!, timestamp!, pair.secret);
    },
  },
];
