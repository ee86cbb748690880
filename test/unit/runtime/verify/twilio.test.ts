import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { twilio as sender } from "../../../../cli/send/senders/twilio";
import preset, { signedForm, urlVariants } from "../../../../runtime/verify/presets/twilio";
import { verify } from "../../../../runtime/verify/verify";
import { NOW, numbered, type Parts, requestOf, signedParts, verifierOf } from "../../../support/signed";

const KEY = "12345";
const JSON_EVENT = "com.twilio.messaging.message.delivered";
const sent = (event?: string) => signedParts(sender, preset, { key: KEY, event });
const asked = async (parts: Parts, url?: string) => {
  const result = await verify(verifierOf(preset, numbered(KEY), {}, { url }), requestOf(parts), NOW);
  return result.ok || result.reason;
};

describe("Twilio's signature", () => {
  it("is of the URL with its port or without it", async () => {
    const body = Buffer.from("From=%2B1");
    for (const [told, signed] of [
      ["https://example.com/sms", "https://example.com/sms"],
      ["https://example.com/sms", "https://example.com:443/sms"],
      ["https://example.com:443/sms", "https://example.com/sms"],
      ["https://example.com:8443/sms", "https://example.com:8443/sms"],
      ["https://example.com:8443/sms", "https://example.com/sms"],
      ["http://example.com/sms", "http://example.com:80/sms"],
    ] as const) {
      const signature = createHmac("sha1", KEY).update(`${signed}From+1`).digest("base64");
      const headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-twilio-signature": signature,
      };
      assert.equal(await asked({ method: "POST", query: "", headers, body }, told), true, signed);
      assert.match(
        String(await asked({ method: "POST", query: "", headers, body }, "https://example.org/sms")),
        /does not fit/,
      );
    }
    assert.deepEqual(urlVariants("no URL"), ["no URL"]);
  });

  it("is of sorted parameters, a repeated value once", () => {
    assert.equal(signedForm("b=2&a=1&b=1&b=2&A=x+y&c="), "Ax ya1b1b2c");
    assert.equal(signedForm("__proto__=1&constructor=2"), "__proto__1constructor2");
  });

  it("covers a JSON body by bodySHA256 in the URL", async () => {
    const parts = sent(JSON_EVENT);
    assert.match(parts.query, /^bodySHA256=[0-9a-f]{64}$/);
    assert.equal(await asked(parts), true);
    assert.match(String(await asked({ ...parts, body: Buffer.from("[]") })), /bodySHA256/);
    for (const query of ["", "bodySHA256=", "bodySHA256=zz", `${parts.query}&x=1`, "bodySHA256=00"])
      assert.notEqual(await asked({ ...parts, query }), true, query);
  });

  it("covers no body of another type: it is refused", async () => {
    const parts = sent();
    for (const type of ["application/json", "text/plain", "multipart/form-data"]) {
      const headers = { ...parts.headers, "content-type": type };
      assert.match(String(await asked({ ...parts, headers })), /neither a signed form/, type);
    }
  });

  it("covers the parameters of a URL that is asked without a body", async () => {
    const signature = createHmac("sha1", KEY)
      .update("https://hooks.example.com/demo?From=1")
      .digest("base64");
    const headers = { host: "hooks.example.com", "x-twilio-signature": signature };
    const parts = { method: "POST", query: "From=1", headers, body: Buffer.alloc(0) };
    assert.equal(await asked(parts), true);
    assert.notEqual(await asked({ ...parts, query: "From=2" }), true);
  });

  it("is made with SHA-256 where the request says so", async () => {
    const parts = sent();
    const text = `https://hooks.example.com/demo${signedForm(parts.body.toString())}`;
    const signature = createHmac("sha256", KEY).update(text).digest("base64");
    const headers = { ...parts.headers, "x-twilio-signature": signature };
    const settings = { "x-twilio-webhooks-signature-settings": "key=SK1,algorithm=HMAC_SHA256" };
    assert.equal(await asked({ ...parts, headers: { ...headers, ...settings } }), true);
    assert.match(String(await asked({ ...parts, headers })), /does not fit/);
  });

  it("is answered with instructions to do nothing", () => {
    assert.deepEqual(preset.success, { body: "<Response/>", contentType: "text/xml" });
  });
});
