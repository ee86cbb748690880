import assert from "node:assert/strict";
import { hubspot as sender } from "../../../../cli/send/senders/hubspot";
import preset, { hubspotUrl } from "../../../../runtime/verify/presets/hubspot";
import { judged, numbered, type SignedParts, signedParts } from "../../../support/signed";

/** Of the tests of HubSpot's library for Python. */
const secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const TIME = 1693657560000;
const parts: SignedParts = {
  method: "POST",
  query: "",
  headers: {
    "X-HubSpot-Signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    "X-HubSpot-Request-Timestamp": String(TIME),
  },
  body: Buffer.from("{'example_field':'example_value'}"),
  signed: {},
  served: {},
};
const settings = { url: "https://www.example.com/webhook_uri" };

describe("HubSpot's signatures", () => {
  it("are those of its library, over the URL that HubSpot was told", async () => {
    assert.ok((await judged(preset, numbered(secret), parts, { now: TIME, settings })).ok);
    for (const url of ["http://www.example.com/webhook_uri", `${settings.url}/`])
      assert.equal(
        (await judged(preset, numbered(secret), parts, { now: TIME, settings: { url } })).ok,
        false,
      );
  });

  it("count for five minutes", async () => {
    const ask = (now: number) => judged(preset, numbered(secret), parts, { now, settings });
    assert.ok((await ask(TIME + 299_000)).ok);
    assert.equal((await ask(TIME + 306_000)).ok, false);
  });

  it("are over a URL that is decoded as far as the documentation says", () => {
    const url = "https://example.com/h?a=%3A%2f%40%21%24%27%28%29%2A%2C%3B%3F&b=%20%26%3D%25";
    assert.equal(hubspotUrl(url), "https://example.com/h?a=:/@!$'()*,;?&b=%20%26%3D%25");
  });

  it("cannot be cut at another place: no beginning of the body goes into the query", async () => {
    const body = '[{"a":{"b":1}}]';
    const event = { ...sender, events: { odd: () => ({ query: "x=1", body }) } };
    const whole = signedParts(event, preset, { key: secret });
    assert.ok((await judged(preset, numbered(secret), whole)).ok);
    for (const at of [1, 6]) {
      const moved = { ...whole, query: `x=1${body.slice(0, at)}`, body: Buffer.from(body.slice(at)) };
      assert.equal((await judged(preset, numbered(secret), moved)).ok, false);
    }
  });

  it("fit with a query, signed decoded or as it is", async () => {
    const event = { ...sender, events: { odd: () => ({ query: "to=%2Fa%20b", body: "[]" }) } };
    for (const each of [event, { ...event, sign: undefined }])
      assert.ok((await judged(preset, numbered(secret), signedParts(each, preset, { key: secret }))).ok);
  });
});
