import assert from "node:assert/strict";
import { apiKey } from "../../../../cli/send/senders/api-key";
import type { Preset, VerifySettings } from "../../../../runtime/verify/preset";
import apiKeyPreset from "../../../../runtime/verify/presets/api-key";
import basic from "../../../../runtime/verify/presets/basic";
import ip from "../../../../runtime/verify/presets/ip";
import okta from "../../../../runtime/verify/presets/okta";
import { judged, numbered, signedParts } from "../../../support/signed";

const parts = (headers: Record<string, string>) => ({
  method: "POST",
  query: "",
  headers,
  body: Buffer.from("{}"),
  signed: {},
  served: {},
});
const ask = async (
  preset: Preset,
  secrets: string[],
  headers: Record<string, string>,
  settings: Partial<VerifySettings> = {},
) => (await judged(preset, numbered(...secrets), parts(headers), { settings })).ok;

describe("a key in a header", () => {
  it("is the secret, in authorization or where the settings say, with what stands before it", async () => {
    assert.ok(await ask(apiKeyPreset, ["s3"], { Authorization: "s3" }));
    assert.ok(await ask(apiKeyPreset, ["s3"], { "X-Key": "s3" }, { header: "X-Key" }));
    for (const value of ["Bearer s3", "bearer  s3", "Bearer s3 "])
      assert.ok(await ask(apiKeyPreset, ["a", "s3"], { authorization: value }, { prefix: "Bearer" }), value);
    const wrong: [Record<string, string>, Partial<VerifySettings>][] = [
      [{ authorization: "s" }, {}],
      [{ authorization: "s 3" }, {}],
      [{ authorization: "s3" }, { header: "x-key" }],
      [{ authorization: "s3" }, { prefix: "Bearer " }],
      [{ authorization: "Bearer " }, { prefix: "Bearer " }],
      [{}, {}],
    ];
    for (const [headers, settings] of wrong)
      assert.equal(await ask(apiKeyPreset, ["s3"], headers, settings), false, JSON.stringify(headers));
  });

  it("is never stored", async () => {
    const settings = { scheme: "api-key", header: "X-Key" };
    assert.deepEqual(apiKeyPreset.redact?.(settings), ["header:x-key"]);
    assert.deepEqual(okta.redact?.({ scheme: "okta" }), ["header:authorization"]);
    const result = await judged(apiKeyPreset, numbered("s3"), parts({ "x-key": "s3" }), { settings });
    assert.deepEqual(result.ok && result.request.secretPlaces, ["header:x-key"]);
  });

  it("is sent where the settings say", () => {
    const settings = { scheme: "api-key", header: "X-Key", prefix: "Key" };
    assert.deepEqual(signedParts(apiKey, apiKeyPreset, { key: "s3", settings }).signed, {
      "x-key": "Key s3",
    });
  });
});

describe("HTTP Basic", () => {
  // https://www.rfc-editor.org/rfc/rfc7617#section-2, and 2.1 for UTF-8
  it("is user and password as the RFC writes them", async () => {
    assert.ok(
      await ask(basic, ["Aladdin:open sesame"], { authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" }),
    );
    assert.ok(await ask(basic, ["test:123£"], { authorization: "basic dGVzdDoxMjPCow==" }));
    for (const authorization of [
      "Basic",
      "Basic ",
      "Bearer dGVzdDoxMjPCow==",
      "Basic dGVzdDoxMjPCow",
      "Basic %%",
      "dGVzdDoxMjPCow==",
    ])
      assert.equal(await ask(basic, ["test:123£"], { authorization }), false, authorization);
  });

  it("needs a user and a password", () => {
    assert.equal(basic.secretProblem("user:pass:word"), undefined);
    for (const secret of ["user", ":password", "user:"])
      assert.match(basic.secretProblem(secret) ?? "", /user:password/);
  });
});

describe("addresses alone", () => {
  it("let in who is in the list, and nobody without a list", async () => {
    assert.ok(await ask(ip, [], {}, { ips: "203.0.113.0/24" }));
    for (const ips of [undefined, "198.51.100.0/24", "", "nonsense"])
      assert.equal(await ask(ip, [], {}, { ips }), false);
  });
});
