import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeKey, sign } from "../../../cli/send/sender";
import { senderOf } from "../../../cli/send/senders";
import { HMAC_EXAMPLE } from "../../../cli/send/senders/hmac";
import { FORMER_IDS, WELL_KNOWN_IDS } from "../../../runtime/delivery-id";
import { IDENTITY_HEADERS, identityOf } from "../../../runtime/identity";
import type { Preset, VerifySettings } from "../../../runtime/verify/preset";
import { presetNamed, presets } from "../../../runtime/verify/presets";
import { exampleOf, judged, NOW, numbered, type SignedParts, URL_OF } from "../../support/signed";

/** What changes from try to try, and belongs to the single delivery. */
const OF_ONE_TRY = (attempt: number): Record<string, string> => ({
  "x-attempt-number": String(attempt),
  "x-retry-count": String(attempt),
  "x-slack-retry-num": String(attempt),
  "x-atlassian-webhook-retry": String(attempt),
  "aeg-delivery-count": String(attempt),
  traceparent: `00-${String(attempt).repeat(32)}-${String(attempt).repeat(16)}-01`,
  "x-request-id": `request-${attempt}`,
  "x-shopify-webhook-id": `delivery-${attempt}`,
  "x-shopify-triggered-at": new Date(NOW + attempt).toISOString(),
  "x-gitlab-event-uuid": `uuid-${attempt}`,
  date: new Date(NOW + attempt * 60_000).toUTCString(),
});

interface Named {
  id: string;
  formerId?: string;
  identity: string | undefined;
  body: string;
}

async function named(preset: Preset, secret: string, parts: SignedParts, now: number): Promise<Named> {
  const settings = preset.name === "hmac" ? HMAC_EXAMPLE : {};
  const judgement = await judged(preset, numbered(secret), parts, { now, settings });
  assert.ok(judgement.ok, judgement.ok ? "" : judgement.reason);
  const { id, formerId, headers, raw } = judgement.request;
  return { id, formerId, identity: identityOf(headers), body: raw.toString("latin1") };
}

/** The same example again and again, as the provider would send it. */
function deliveries(preset: Preset, more: Record<string, string> = {}) {
  const sender = senderOf(preset.name)!;
  const pair = makeKey(sender);
  const settings: VerifySettings = { scheme: preset.name, ...(preset.name === "hmac" ? HMAC_EXAMPLE : {}) };
  const { method = "POST", query, body, contentType, headers = {} } = exampleOf(sender);
  const type = contentType ?? (typeof body === "string" ? undefined : "application/json");
  return (attempt: number, changed: Record<string, string> = {}) => {
    const now = NOW + attempt * 10_000;
    const unsigned = {
      method,
      url: query ? `${URL_OF}?${query}` : URL_OF,
      headers: {
        ...{
          host: new URL(URL_OF).host,
          "x-forwarded-proto": "https",
          ...(type && { "content-type": type }),
        },
        ...headers,
        ...more,
        ...OF_ONE_TRY(attempt),
        ...changed,
      },
      body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    };
    const done = sign(sender, preset, unsigned, { key: pair.key, now, id: "delivery-1", settings });
    const parts = {
      method,
      query: new URL(done.url ?? unsigned.url).search.slice(1),
      headers: { ...unsigned.headers, ...done.headers, ...changed },
      body: done.body ?? unsigned.body,
      signed: done.headers,
      served: done.served ?? {},
    };
    return named(preset, pair.secret, parts, now);
  };
}

/** Of these the signature, with its time, is a part of the body: what is sent again has other bytes. */
const SIGNED_IN_THE_BODY = ["mailgun", "aws-sns"];
const withSender = presets.filter(
  ({ name, secret, id }) =>
    secret !== undefined && id.length > 0 && senderOf(name) && !SIGNED_IN_THE_BODY.includes(name),
);

/** One value of each well-known id, with what comes beside it from its provider. */
const WELL_KNOWN: Record<string, Record<string, string>> = {
  "webhook-id": { "webhook-id": "msg_1" },
  "x-github-delivery": { "x-github-delivery": "g1", "x-github-event": "push", "x-github-hook-id": "7" },
  "x-shopify-event-id": {
    "x-shopify-event-id": "s1",
    "x-shopify-topic": "orders/create",
    "x-shopify-shop-domain": "one.myshopify.com",
  },
  "idempotency-key": { "idempotency-key": "i1", "x-event-type": "order.paid" },
};

describe("the identity of an event", () => {
  const none = presetNamed("none")!;
  const ofHeaders = async (headers: Record<string, string>) => {
    const parts = { method: "POST", query: "", headers, body: Buffer.from("{}"), signed: {}, served: {} };
    return named(none, "", parts, NOW);
  };

  for (const preset of withSender) {
    it(`of ${preset.name} is the same with a new signature, time, attempt and trace`, async () => {
      const deliver = deliveries(preset);
      const [first, again] = [await deliver(1), await deliver(2)];
      assert.deepEqual(again, first);
    });
  }

  for (const [id, headers] of Object.entries(WELL_KNOWN)) {
    it(`by ${id} is the same with a new time, attempt and trace`, async () => {
      const first = await ofHeaders({ ...headers, ...OF_ONE_TRY(1), "x-signature": "a" });
      assert.deepEqual(await ofHeaders({ ...headers, ...OF_ONE_TRY(2), "x-signature": "b" }), first);
    });

    it(`by ${id} is another one of another topic, subscription or account`, async () => {
      const first = await ofHeaders(headers);
      for (const name of IDENTITY_HEADERS) {
        const other = await ofHeaders({ ...headers, [name]: "another" });
        assert.notDeepEqual([other.id, other.identity], [first.id, first.identity], name);
      }
    });
  }

  it("of Shopify without a preset has the topic in its id, as with the preset", async () => {
    const topics = ["orders/create", "orders/paid", "orders/updated"];
    const headers = WELL_KNOWN["x-shopify-event-id"]!;
    const all = await Promise.all(topics.map((topic) => ofHeaders({ ...headers, "x-shopify-topic": topic })));
    assert.deepEqual(
      all.map(({ id, formerId }) => [id, formerId]),
      topics.map((topic) => [`${topic}:s1`, "s1"]),
    );
  });

  it("that was always made so has no former id", async () => {
    for (const id of ["webhook-id", "x-github-delivery", "idempotency-key"])
      assert.equal((await ofHeaders(WELL_KNOWN[id]!)).formerId, undefined, id);
  });

  it("is told by the headers that docs/verification.md lists", () => {
    const page = readFileSync(join(__dirname, "../../../docs/verification.md"), "utf8");
    const list = /<!-- identity -->(.*)<!-- \/identity -->/s.exec(page)![1]!;
    assert.deepEqual(
      [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
      [...IDENTITY_HEADERS],
    );
  });

  it("is looked for under what the first version took, and no other", () => {
    assert.deepEqual(FORMER_IDS, [
      "header:webhook-id",
      "header:x-github-delivery",
      "header:x-shopify-event-id",
      "header:idempotency-key",
    ]);
    assert.deepEqual(
      WELL_KNOWN_IDS.filter((rule) => !FORMER_IDS.includes(rule)),
      ["header:x-shopify-topic+header:x-shopify-event-id"],
    );
  });
});
