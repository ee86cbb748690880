import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { senderOf } from "../../../../cli/send/senders";
import { shake } from "../../../../runtime/verify/handshake";
import type { VerifySettings } from "../../../../runtime/verify/preset";
import { presetNamed } from "../../../../runtime/verify/presets";
import { askOf, verify } from "../../../../runtime/verify/verify";
import {
  judged,
  makeKey,
  NOW,
  numbered,
  requestOf,
  signedParts,
  URL_OF,
  verifierOf,
} from "../../../support/signed";

function of(name: string, settings?: Partial<VerifySettings>) {
  const [sender, preset] = [senderOf(name)!, presetNamed(name)!];
  const pair = makeKey(sender);
  const sent = (base?: string) => signedParts(sender, preset, { key: pair.key, base });
  const reason = async (parts: ReturnType<typeof sent>, ...secrets: string[]) => {
    const result = await judged(preset, numbered(...(secrets.length > 0 ? secrets : [pair.secret])), parts, {
      settings,
    });
    return result.ok || result.reason;
  };
  return { pair, preset, sent, reason };
}

describe("where nothing stands between time and body", () => {
  for (const [name, header, moved] of [
    ["sendgrid", "x-twilio-email-event-webhook-timestamp", /begins with a digit/],
    ["zendesk", "x-zendesk-webhook-signature-timestamp", /is not a time/],
  ] as const)
    it(`no character changes sides in ${name}`, async () => {
      const { sent, reason } = of(name);
      const parts = sent();
      const time = parts.headers[header]!;
      const headers = { ...parts.headers, [header]: time.slice(0, -1) };
      const body = Buffer.concat([Buffer.from(time.slice(-1)), parts.body]);
      assert.match(String(await reason({ ...parts, headers, body })), moved);
    });
});

describe("where nothing stands between URL and body", () => {
  for (const name of ["square", "hubspot"])
    it(`neither takes from the other in ${name}`, async () => {
      const { sent, reason } = of(name);
      const query = "tags[]=1&x=2";
      const parts = { ...sent(`${URL_OF}?${query}`), query };
      assert.equal(await reason(parts), true);
      const whole = `?${query}${parts.body}`;
      for (const at of [0, 9, query.length + 2, query.length + 10, whole.length]) {
        const moved = {
          ...parts,
          query: whole.slice(1, Math.max(1, at)),
          body: Buffer.from(whole.slice(at)),
        };
        assert.match(String(await reason(moved)), /the body (is no JSON|begins with a \?)/, `${at}`);
      }
    });
});

describe("the user's own template", () => {
  const secret = "s";
  const ask = async (
    template: string,
    signed: string,
    request: { headers?: object; query?: string; body: string },
  ) => {
    const settings = {
      header: "x-sig",
      template,
      url: URL_OF,
      ...(template.includes("{timestamp}") && { timestampHeader: "x-time" }),
    };
    const headers = {
      "x-sig": createHmac("sha256", secret).update(signed).digest("hex"),
      ...request.headers,
    };
    const parts = { method: "POST", query: request.query ?? "", headers, body: Buffer.from(request.body) };
    const all = { ...parts, signed: {}, served: {} };
    const result = await judged(presetNamed("hmac")!, numbered(secret), all, { settings });
    return result.ok || result.reason;
  };
  const now = `${NOW / 1000}`;

  it("lets no header go on behind its separator", async () => {
    const template = "{header:x-id}.{timestamp}.{body}";
    const signed = `id1.${NOW / 1000 - 90_000}.{"message":"hi.${now}.evil"}`;
    const forged = signed.slice(0, signed.indexOf(`.${now}`));
    const genuine = { headers: { "x-id": "id1", "x-time": now }, body: "{}" };
    assert.equal(await ask(template, `id1.${now}.{}`, genuine), true);
    const reason = await ask(template, signed, {
      headers: { "x-id": forged, "x-time": now },
      body: 'evil"}',
    });
    assert.equal(reason, "the header x-id has a . in it, which stands between the parts that are signed");
    const last = { headers: { "x-id": "b.c" }, body: "a" };
    assert.match(String(await ask("{body}.{header:x-id}", "a.b.c", last)), /the header x-id has a \./);
    assert.equal(await ask("id.{header:x-id}", "id.b.c", last), true);
  });

  it("lets no digit change sides between body and time", async () => {
    const time = { "x-time": now };
    assert.equal(await ask("{timestamp}{body}", `${now}{}`, { headers: time, body: "{}" }), true);
    assert.equal(await ask("{body}{timestamp}", `{}${now}`, { headers: time, body: "{}" }), true);
    const before = await ask("{timestamp}{body}", `${now}123{}`, { headers: time, body: "123{}" });
    assert.equal(before, "the body begins with a digit");
    const behind = await ask("{body}{timestamp}", `{}1${now}`, { headers: time, body: "{}1" });
    assert.equal(behind, "the body ends with a digit");
  });

  it("takes only JSON behind a URL with a query", async () => {
    const form = (query: string, body: string) =>
      ask("{url}.{body}", `${URL_OF}${query && `?${query}`}.${body}`, { query, body });
    assert.equal(await form("", "a=1"), true);
    assert.equal(await form("x=1", '{"a":1}'), true);
    assert.match(String(await form("x=1", "a=1")), /no JSON/);
  });
});

describe("a signed time that has no limit of its own", () => {
  for (const name of ["sendgrid", "paypal"])
    it(`counts forever in ${name}, or as long as was asked for`, async () => {
      const [sender, preset] = [senderOf(name)!, presetNamed(name)!];
      const { key, secret } = makeKey(sender);
      const ask = async (tolerance?: number, now = NOW - 60_000) => {
        const parts = signedParts(sender, preset, { key, now });
        const result = await judged(preset, numbered(secret), parts, { settings: { tolerance } });
        return result.ok || result.reason;
      };
      assert.equal(await ask(), true);
      assert.equal(await ask(90), true);
      assert.equal(await ask(30), "it was signed 60 s ago; 30 s are allowed");
      assert.match(String(await ask(30, NOW + 60_000)), /60 s in the future/);
    });
});

describe("X's question", () => {
  it("gets no answer that signs an event", async () => {
    const preset = presetNamed("x")!;
    const verifier = verifierOf(preset, numbered("consumer secret"));
    const tokens = ["e30=", "123", "true", "null", "word", '{"a":1}', "[1]", " {}", "\u{FEFF}{}", "{}"];
    for (const token of tokens) {
      const query = `crc_token=${encodeURIComponent(token)}`;
      const question = requestOf({ method: "GET", query, headers: {}, body: Buffer.alloc(0) });
      const shaken = await shake(preset, "open", askOf(verifier, question, NOW));
      const { response_token: signature } = JSON.parse(shaken?.answer.body ?? "{}");
      const headers = { "x-twitter-webhooks-signature": signature ?? "sha256=" };
      const event = requestOf({ method: "POST", query: "", headers, body: Buffer.from(token) });
      assert.equal((await verify(verifier, event, NOW)).ok, false, token);
    }
  });

  it("is answered by the newest secret, and by none without one", async () => {
    const preset = presetNamed("x")!;
    const question = requestOf({ method: "GET", query: "crc_token=abc", headers: {}, body: Buffer.alloc(0) });
    const asked = (...secrets: string[]) =>
      shake(preset, "open", askOf(verifierOf(preset, numbered(...secrets)), question, NOW));
    const mac = createHmac("sha256", "new").update("abc").digest("base64");
    assert.deepEqual(JSON.parse((await asked("new", "old"))!.answer.body!), {
      response_token: `sha256=${mac}`,
    });
    assert.equal((await asked())!.answer.statusCode, 403);
  });
});

describe("Microsoft Graph", () => {
  const { preset, pair, sent, reason } = of("microsoft-graph");
  const several = (...states: unknown[]) => ({
    ...sent(),
    body: Buffer.from(JSON.stringify({ value: states.map((clientState) => ({ clientState })) })),
  });

  it("must have the clientState in every notification", async () => {
    assert.equal(await reason(several(pair.secret, pair.secret)), true);
    assert.equal(await reason(several(pair.secret, "old"), pair.secret, "old"), true);
    assert.equal(await reason(several(pair.secret, "other")), "a clientState is not the secret");
    assert.equal(await reason(several(pair.secret, null)), "a notification has no clientState");
    for (const body of ["", "{}", "[]", '{"value":[]}', '{"value":{}}', '{"value":[null]}', "null"])
      assert.notEqual(await reason({ ...sent(), body: Buffer.from(body) }), true, body);
  });

  it("is answered with 202", () => assert.deepEqual(preset.success, { status: 202 }));
});

describe("the preset of", () => {
  it("Paddle accepts when one of several h1 is right", async () => {
    const { sent, reason } = of("paddle");
    const parts = sent();
    const [ts, h1] = parts.headers["paddle-signature"]!.split(";");
    const header = (text: string) => ({ ...parts, headers: { ...parts.headers, "paddle-signature": text } });
    assert.equal(await reason(header(`${ts};h1=${"0".repeat(64)};${h1}`)), true);
    assert.match(String(await reason(header(`${ts};h1=${"0".repeat(64)}`))), /does not fit/);
  });

  it("Square takes the URL that it was told, when the request names another", async () => {
    const parts = of("square").sent("https://public.example.com/hooks");
    const secret = of("square").pair.secret;
    assert.notEqual(await of("square").reason(parts, secret), true);
    const told = of("square", { url: "https://public.example.com/hooks" });
    assert.equal(await told.reason(told.sent("https://public.example.com/hooks")), true);
    assert.match(String(await told.reason(told.sent())), /does not fit/);
  });

  it("Shopify knows webhooks and events, each with headers of its own", async () => {
    const { sent, reason } = of("shopify");
    const parts = sent();
    const { "x-shopify-hmac-sha256": signature, ...headers } = parts.headers;
    assert.equal(
      await reason({ ...parts, headers: { ...headers, "shopify-hmac-sha256": signature! } }),
      true,
    );
    assert.notEqual(await reason({ ...parts, headers: { ...headers, "shopify-hmac-sha256": "AAAA" } }), true);
  });

  it("Event Grid keeps no code, and that of GitLab no token", () => {
    assert.deepEqual(presetNamed("event-grid")!.redact!({ scheme: "" }), ["query:code"]);
    assert.deepEqual(presetNamed("gitlab")!.redact!({ scheme: "" }), ["header:x-gitlab-token"]);
  });

  it("SendGrid takes the key as SendGrid shows it or as PEM, and none of another curve", () => {
    const { secretProblem } = presetNamed("sendgrid")!;
    const key = of("sendgrid").pair.secret;
    assert.equal(secretProblem!(key), undefined);
    assert.equal(secretProblem!(`-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`), undefined);
    for (const odd of ["", "MFkw", "not a key", key.slice(4)]) assert.ok(secretProblem!(odd), odd);
  });
});
