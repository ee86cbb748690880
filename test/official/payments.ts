import { type Library, library } from "./library";

interface StripeLike {
  webhooks: {
    constructEvent(body: string, header: string, secret: string): unknown;
    generateTestHeaderString(options: { payload: string; secret: string }): string;
  };
}
interface SquareLike {
  WebhooksHelper: { verifySignature(options: Record<string, string>): Promise<boolean> };
}
interface PaddleLike {
  Paddle: new (
    key: string,
  ) => { webhooks: { isSignatureValid(body: string, secret: string, header: string): Promise<boolean> } };
}
interface AdyenLike {
  hmacValidator: new () => {
    validateHMAC(item: object, key: string): boolean;
    validateHMACSignature(key: string, signature: string, body: string): boolean;
    calculateHmac(body: string, key: string): string;
  };
}
interface ShopifyLike {
  shopifyApi(config: object): {
    webhooks: { validate(options: object): Promise<{ valid: boolean }> };
  };
}

/** Shopify's library wants an adapter for the runtime before anything else. */
async function shopify(secret: string) {
  await library("@shopify/shopify-api/adapters/node");
  const { shopifyApi } = await library<ShopifyLike>("@shopify/shopify-api");
  return shopifyApi({
    apiKey: "key",
    apiSecretKey: secret,
    apiVersion: "2026-10",
    hostName: "hooks.example.com",
    isEmbeddedApp: false,
    logger: { log: () => undefined },
  });
}

export const payments: Library[] = [
  {
    npm: "stripe",
    preset: "stripe",
    accepts: async ({ parts, text, pair }) =>
      (await library<StripeLike>("stripe")).webhooks.constructEvent(
        text,
        parts.headers["stripe-signature"]!,
        pair.secret,
      ),
    signs: async ({ text, pair }) => ({
      "stripe-signature": (await library<StripeLike>("stripe")).webhooks.generateTestHeaderString({
        payload: text,
        secret: pair.secret,
      }),
    }),
  },
  {
    npm: "square",
    preset: "square",
    accepts: async ({ parts, text, url, pair }) =>
      (await library<SquareLike>("square")).WebhooksHelper.verifySignature({
        requestBody: text,
        signatureHeader: parts.headers["x-square-hmacsha256-signature"]!,
        signatureKey: pair.secret,
        notificationUrl: url,
      }),
  },
  {
    npm: "@paddle/paddle-node-sdk",
    preset: "paddle",
    accepts: async ({ parts, text, pair }) => {
      const { Paddle } = await library<PaddleLike>("@paddle/paddle-node-sdk");
      return new Paddle("key").webhooks.isSignatureValid(
        text,
        pair.secret,
        parts.headers["paddle-signature"]!,
      );
    },
  },
  {
    npm: "@adyen/api-library",
    preset: "adyen",
    accepts: async ({ text, pair }) => {
      const { hmacValidator } = await library<AdyenLike>("@adyen/api-library");
      const item = JSON.parse(text).notificationItems[0].NotificationRequestItem;
      return new hmacValidator().validateHMAC(item, pair.secret);
    },
  },
  {
    npm: "@adyen/api-library",
    preset: "adyen",
    event: "balancePlatform.transfer.updated",
    accepts: async ({ parts, text, pair }) => {
      const { hmacValidator } = await library<AdyenLike>("@adyen/api-library");
      const signature = parts.headers.hmacsignature!;
      return new hmacValidator().validateHMACSignature(pair.secret, signature, text);
    },
    signs: async ({ text, pair }) => {
      const { hmacValidator } = await library<AdyenLike>("@adyen/api-library");
      return { hmacsignature: new hmacValidator().calculateHmac(text, pair.secret) };
    },
  },
  {
    npm: "@shopify/shopify-api",
    preset: "shopify",
    accepts: async ({ parts, text, url, pair }) => {
      const { webhooks } = await shopify(pair.secret);
      const rawRequest = { method: "POST", url, headers: parts.headers };
      return (await webhooks.validate({ rawBody: text, rawRequest, rawResponse: {} })).valid;
    },
  },
];
