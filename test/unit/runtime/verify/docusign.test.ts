import assert from "node:assert/strict";
import { docusign as sender } from "../../../../cli/send/senders/docusign";
import preset from "../../../../runtime/verify/presets/docusign";
import { judged, makeKey, numbered, signedParts } from "../../../support/signed";

const { key } = makeKey(sender);

describe("Docusign's signatures", () => {
  it("stand in one header for each key of the account, and one of them is enough", async () => {
    const parts = signedParts(sender, preset, { key });
    const { "x-docusign-signature-1": right, ...rest } = parts.headers;
    const wrong = Buffer.alloc(32).toString("base64");
    const headers = { ...rest, "X-DocuSign-Signature-1": wrong, "X-DocuSign-Signature-12": right! };
    const result = await judged(preset, numbered("another", key), { ...parts, headers });
    assert.equal(result.ok && result.keyIndex, 2);
  });

  it("stand in no other header", async () => {
    const parts = signedParts(sender, preset, { key });
    const { "x-docusign-signature-1": right, ...rest } = parts.headers;
    for (const name of [
      "x-docusign-signature",
      "x-docusign-signature-0",
      "x-docusign-signature-101",
      "x-x-docusign-signature-1",
    ])
      assert.equal(
        (await judged(preset, numbered(key), { ...parts, headers: { ...rest, [name]: right! } })).ok,
        false,
      );
  });

  it("name an event by what, whose and when", async () => {
    for (const [event, id] of [
      ["envelope-completed", /^envelope-completed:[\w-]+:2026-11-26T12:00:00\.000/],
      ["recipient-completed", /^recipient-completed:[\w-]+:1:2026-11-26T12:00:00\.000/],
    ] as const) {
      const result = await judged(preset, numbered(key), signedParts(sender, preset, { key, event }));
      assert.match(result.ok ? result.request.id : "", id);
    }
  });
});
