import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { selfSigned } from "../../../../cli/send/self-signed";
import { paypal as sender } from "../../../../cli/send/senders/paypal";
import preset from "../../../../runtime/verify/presets/paypal";
import { verify } from "../../../../runtime/verify/verify";
import { makeKey, NOW, numbered, requestOf, signedParts, verifierOf } from "../../../support/signed";

const DAY_MS = 86_400_000;
const PAYPAL = "messageverificationcerts.paypal.com";
const VALID = { common: PAYPAL, from: NOW - DAY_MS, to: NOW + DAY_MS };
const pair = makeKey(sender);
const pem = pair.key.slice(pair.key.indexOf("\n") + 1);
const otherPem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ format: "pem", type: "pkcs8" })
  .toString();

const sent = () => signedParts(sender, preset, { key: pair.key });

/** With another text at the certificate's address, or under another address. */
async function asked({ text, url, now = NOW }: { text?: string; url?: string; now?: number }) {
  const parts = sent();
  const [at] = Object.keys(parts.served);
  const fetched: string[] = [];
  const headers = { ...parts.headers, ...(url && { "paypal-cert-url": url }) };
  const verifier = verifierOf(preset, numbered(pair.secret));
  const fetchText = async (from: string) => {
    fetched.push(from);
    return text ?? parts.served[at!]!;
  };
  const result = await verify({ ...verifier, fetchText }, requestOf({ ...parts, headers }, now), now);
  return { fetched, result, reason: result.ok ? undefined : result.reason };
}

describe("PayPal's certificate", () => {
  it("is fetched from PayPal's two addresses alone", async () => {
    for (const url of [
      "http://api.paypal.com/v1/notifications/certs/CERT-1",
      "https://api.paypal.com.example.com/v1/notifications/certs/CERT-1",
      "https://example.com/v1/notifications/certs/CERT-1",
      "https://api.paypal.com@example.com/v1/notifications/certs/CERT-1",
      "https://api.paypal.com:444/v1/notifications/certs/CERT-1",
      "https://api.paypal.com/v1/notifications/certs/../../oauth2/token",
      "https://api.paypal.com/v1/notifications/certs/CERT-1?x=1",
      "https://api.paypal.com/v1/notifications/certs/",
      "https://www.paypal.com/v1/notifications/certs/CERT-1",
    ]) {
      const { fetched, reason } = await asked({ url });
      assert.deepEqual([fetched, reason], [[], "paypal-cert-url is not one of PayPal's certificates"], url);
    }
    for (const host of ["api.paypal.com", "api.sandbox.paypal.com"]) {
      const { result } = await asked({ url: `https://${host}/v1/notifications/certs/CERT-${Date.now()}` });
      assert.ok(result.ok, host);
    }
  });

  it("is of paypal.com, and valid now", async () => {
    const cases: [object, string][] = [
      [{ common: "paypal.com.example.com" }, "the check failed: the certificate is not PayPal's"],
      [{ common: "notpaypal.com" }, "the check failed: the certificate is not PayPal's"],
      [{ to: NOW - 1000 }, "the certificate is not valid at this time"],
      [{ from: NOW + 1000 }, "the certificate is not valid at this time"],
    ];
    for (const [changed, reason] of cases)
      assert.equal((await asked({ text: selfSigned(pem, { ...VALID, ...changed }) })).reason, reason);
    assert.equal(
      (await asked({ text: "<html>" })).reason,
      "the check failed: the certificate is not PayPal's",
    );
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    assert.match((await asked({ text: broken })).reason!, /^the check failed: /);
  });

  it("may come with its issuer, and with no stranger", async () => {
    const own = selfSigned(pem, VALID);
    assert.ok((await asked({ text: own })).result.ok);
    const stranger = selfSigned(otherPem, { ...VALID, common: "Some other CA" });
    const { reason } = await asked({ text: own + stranger });
    assert.equal(reason, "the check failed: the certificate was not made by one that is with it");
  });

  it("of another key fits no signature", async () => {
    const { reason } = await asked({ text: selfSigned(otherPem, VALID) });
    assert.equal(reason, "the signature does not fit the webhook id and the body");
  });

  it("is fetched once, until it is no longer valid", async () => {
    const url = "https://api.paypal.com/v1/notifications/certs/CERT-once";
    const text = selfSigned(pem, VALID);
    assert.equal((await asked({ url, text })).fetched.length, 1);
    assert.equal((await asked({ url, text: "gone" })).fetched.length, 0);
    const late = await asked({ url, text: "gone", now: NOW + 2 * DAY_MS });
    assert.equal(late.reason, "the certificate is not valid at this time");
  });

  it("is forgotten when there are many others", async () => {
    const url = (n: number) => `https://api.paypal.com/v1/notifications/certs/CERT-many-${n}`;
    for (let n = 0; n < 17; n++) await asked({ url: url(n), text: selfSigned(pem, VALID) });
    assert.equal((await asked({ url: url(0) })).fetched.length, 1);
    assert.equal((await asked({ url: url(16) })).fetched.length, 0);
  });

  it("signs with SHA256withRSA alone", async () => {
    const parts = sent();
    for (const algorithm of ["SHA1withRSA", "sha256withrsa", "none"]) {
      const headers = { ...parts.headers, "paypal-auth-algo": algorithm };
      const verifier = verifierOf(preset, numbered(pair.secret), parts.served);
      const result = await verify(verifier, requestOf({ ...parts, headers }), NOW);
      assert.equal(!result.ok && result.reason, "paypal-auth-algo is not SHA256withRSA");
    }
  });
});
