import assert from "node:assert/strict";
import preset from "../../../../runtime/verify/presets/notion";
import { judged, numbered } from "../../../support/signed";

describe("Notion's signatures", () => {
  // https://developers.notion.com/reference/webhooks#step-3-validating-event-payloads-recommended
  it("are those of its documentation", async () => {
    const secret = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl";
    const signature = "sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735";
    const result = await judged(preset, numbered(secret), {
      method: "POST",
      query: "",
      headers: { "X-Notion-Signature": signature },
      body: Buffer.from(JSON.stringify({ verification_token: secret })),
      signed: {},
      served: {},
    });
    assert.ok(result.ok);
  });

  it("need a token that Notion could have made", () => {
    assert.equal(preset.secretProblem?.("secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"), undefined);
    assert.match(preset.secretProblem?.("a b") ?? "", /secret_/);
  });
});
