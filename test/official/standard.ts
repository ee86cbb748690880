import { type Delivery, type Library, library } from "./library";

/** Svix's library, and that of the standard which was made of it. */
interface WebhookLike {
  Webhook: new (
    secret: string,
  ) => {
    verify(body: string, headers: Record<string, string>): unknown;
    sign(id: string, time: Date, body: string): string;
  };
}
interface OctokitLike {
  sign(secret: string, payload: string): Promise<string>;
  verify(secret: string, payload: string, signature: string): Promise<boolean>;
}

const standard = (npm: string, preset: string, names: "webhook" | "svix"): Library => {
  const made = async (secret: string) => new (await library<WebhookLike>(npm)).Webhook(secret);
  return {
    npm,
    preset,
    accepts: async ({ parts, text, pair }: Delivery) => {
      (await made(pair.secret)).verify(text, parts.headers);
      return true;
    },
    signs: async ({ parts, text, pair }) => {
      const id = parts.headers[`${names}-id`]!;
      const time = new Date(Math.floor(Date.now() / 1000) * 1000);
      return {
        [`${names}-timestamp`]: String(time.getTime() / 1000),
        [`${names}-signature`]: (await made(pair.secret)).sign(id, time, text),
      };
    },
  };
};

export const standards: Library[] = [
  standard("standardwebhooks", "standard-webhooks", "webhook"),
  // Svix's takes the headers of the standard, too.
  standard("svix", "standard-webhooks", "webhook"),
  standard("svix", "svix", "svix"),
  // GitLab has no library; of its signing token it says that it follows the standard.
  {
    ...standard("standardwebhooks", "gitlab", "webhook"),
    makeKey: () => {
      const secret = `whsec_${Buffer.alloc(32, "gitlab").toString("base64")}`;
      return { secret, key: secret };
    },
  },
  {
    npm: "@octokit/webhooks-methods",
    preset: "github",
    accepts: async ({ parts, text, pair }) => {
      const { verify } = await library<OctokitLike>("@octokit/webhooks-methods", "dist-node/index.js");
      return verify(pair.secret, text, parts.headers["x-hub-signature-256"]!);
    },
    signs: async ({ text, pair }) => {
      const { sign } = await library<OctokitLike>("@octokit/webhooks-methods", "dist-node/index.js");
      return { "x-hub-signature-256": await sign(pair.secret, text) };
    },
  },
];
