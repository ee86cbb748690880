import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { gitlab as sender } from "../../../../cli/send/senders/gitlab";
import preset from "../../../../runtime/verify/presets/gitlab";
import { judged, NOW, numbered, type SignedParts, signedParts } from "../../../support/signed";

const token = "a secret token";
const signing = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const other = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

const sent = (key: string) => signedParts(sender, preset, { key });
const both = (): SignedParts => {
  const parts = sent(signing);
  return { ...parts, headers: { ...parts.headers, "x-gitlab-token": token } };
};
const reason = async (parts: SignedParts, ...secrets: string[]) => {
  const result = await judged(preset, numbered(...secrets), parts);
  return result.ok ? result.keyIndex : result.reason;
};

describe("GitLab", () => {
  it("signs with a signing token, which covers body, id and time", async () => {
    const parts = sent(signing);
    assert.equal(await reason(parts, signing), 1);
    assert.equal(await reason(parts, other, signing), 2);
    assert.match(String(await reason(parts, other)), /does not fit/);
    assert.match(String(await reason({ ...parts, body: Buffer.from("{}") }, signing)), /does not fit/);
    const headers = { ...parts.headers, "webhook-id": "another" };
    assert.match(String(await reason({ ...parts, headers }, signing)), /does not fit/);
    const late = await judged(preset, numbered(signing), parts, { now: NOW + 301_000 });
    assert.match(late.ok ? "" : late.reason, /it was signed 301 s ago/);
  });

  it("signs an id whose end cannot become time and body", async () => {
    const parts = sent(signing);
    // Signed an hour ago, as id.time.body, with a text of a stranger's choice in the body.
    const before = `id.${NOW / 1000 - 3600}.{"message":"a`;
    const hmac = createHmac("sha256", Buffer.alloc(32, 1)).update(`${before}.${NOW / 1000}.b"}`);
    const headers = {
      ...parts.headers,
      "webhook-signature": `v1,${hmac.digest("base64")}`,
      "webhook-timestamp": `${NOW / 1000}`,
    };
    const forged = { ...parts, headers: { ...headers, "webhook-id": before }, body: Buffer.from('b"}') };
    assert.equal(await reason(forged, signing), "the header webhook-id is missing or no id");
  });

  it("sends both, and either secret is enough", async () => {
    assert.equal(await reason(both(), signing), 1);
    assert.equal(await reason(both(), token), 1);
    assert.equal(await reason(both(), token, signing), 2);
    assert.equal(await reason(both(), other, token), 2);
  });

  it("never sends a signing token itself", async () => {
    const parts = sent(token);
    const headers = { ...parts.headers, "x-gitlab-token": signing };
    assert.equal(await reason({ ...parts, headers }, signing), "the header webhook-signature is missing");
    assert.equal(await reason({ ...parts, headers }, signing, token), "x-gitlab-token is not the secret");
  });

  it("lets a signature that is wrong through by no other way than the token", async () => {
    const parts = both();
    const forged = { ...parts, headers: { ...parts.headers, "webhook-signature": "v1,AAAA" } };
    assert.match(String(await reason(forged, signing)), /does not fit/);
    const { "x-gitlab-token": _, ...without }: Record<string, string> = forged.headers;
    assert.equal(
      await reason({ ...forged, headers: without }, signing, token),
      "the header x-gitlab-token is missing",
    );
  });

  it("says what a signing token looks like", () => {
    assert.equal(preset.secretProblem(signing), undefined);
    assert.equal(preset.secretProblem(token), undefined);
    assert.match(preset.secretProblem("whsec_short")!, /32 bytes/);
  });

  it("names a delivery by Idempotency-Key, and never by what several have in common", async () => {
    const parts = sent(token);
    const { "idempotency-key": key, "webhook-id": _, ...headers } = parts.headers;
    const named = await judged(preset, numbered(token), parts);
    assert.equal(named.ok && named.request.id, key);
    const old = await judged(preset, numbered(token), { ...parts, headers });
    assert.equal(old.ok && old.request.id, "request-1");
  });
});
