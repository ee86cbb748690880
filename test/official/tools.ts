import https from "node:https";
import { Readable } from "node:stream";
import { type Delivery, type Library, library } from "./library";

interface HubspotLike {
  Signature: {
    isValid(options: object): boolean;
    getSignature(method: string, version: string, options: object): string;
  };
}
interface LinearLike {
  LinearWebhookClient: new (
    secret: string,
  ) => { parseData(body: Buffer, signature: string, timestamp?: number): object };
}
interface NotionLike {
  verifyWebhookSignature(options: object): Promise<boolean>;
  signWebhookPayload(options: object): Promise<string>;
}
type SnsLike = new () => { validate(message: object, done: (error: Error | null) => void): void };

/** HubSpot's library looks at the clock, so the time is that of the delivery, or now. */
const hubspot = ({ pair, text, url }: Delivery, timestamp: number) => ({
  clientSecret: pair.secret,
  requestBody: text,
  url,
  timestamp,
});

/** The validator fetches the certificate itself, and takes no other way to get it. */
async function withServed<T>(served: Record<string, string>, run: () => Promise<T>): Promise<T> {
  const before = https.get;
  https.get = ((url: string, done: (response: object) => void) => {
    done(Object.assign(Readable.from([Buffer.from(served[url] ?? "")]), { statusCode: 200 }));
    return { on: () => undefined };
  }) as unknown as typeof https.get;
  try {
    return await run();
  } finally {
    https.get = before;
  }
}

export const tools: Library[] = [
  {
    npm: "@hubspot/api-client",
    preset: "hubspot",
    accepts: async (it) => {
      const { Signature } = await library<HubspotLike>("@hubspot/api-client");
      const { "x-hubspot-request-timestamp": time, "x-hubspot-signature-v3": signature } = it.parts.headers;
      const options = { ...hubspot(it, Number(time)), method: "POST", signatureVersion: "v3", signature };
      return Signature.isValid(options);
    },
    signs: async (it) => {
      const { Signature } = await library<HubspotLike>("@hubspot/api-client");
      const now = Date.now();
      return {
        "x-hubspot-request-timestamp": String(now),
        "x-hubspot-signature-v3": Signature.getSignature("POST", "v3", hubspot(it, now)),
      };
    },
  },
  {
    npm: "@linear/sdk",
    preset: "linear",
    accepts: async ({ parts, pair }) => {
      const { LinearWebhookClient } = await library<LinearLike>("@linear/sdk", "dist/webhooks/index.mjs");
      return new LinearWebhookClient(pair.secret).parseData(parts.body, parts.headers["linear-signature"]!);
    },
  },
  {
    npm: "@notionhq/client",
    preset: "notion",
    accepts: async ({ parts, text, pair }) => {
      const { verifyWebhookSignature } = await library<NotionLike>("@notionhq/client");
      const signature = parts.headers["x-notion-signature"];
      return verifyWebhookSignature({ body: text, signature, verificationToken: pair.secret });
    },
    signs: async ({ text, pair }) => {
      const { signWebhookPayload } = await library<NotionLike>("@notionhq/client");
      const options = { body: text, verificationToken: pair.secret };
      return { "x-notion-signature": await signWebhookPayload(options) };
    },
  },
  {
    npm: "sns-validator",
    preset: "aws-sns",
    accepts: async ({ parts, text }) => {
      const Validator = await library<SnsLike>("sns-validator");
      const message = JSON.parse(text);
      return withServed(
        parts.served,
        () =>
          new Promise((resolve, reject) => {
            new Validator().validate(message, (error) => (error ? reject(error) : resolve(true)));
          }),
      );
    },
  },
];
