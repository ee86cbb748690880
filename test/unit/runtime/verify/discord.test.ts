import assert from "node:assert/strict";
import { discord as sender } from "../../../../cli/send/senders/discord";
import preset from "../../../../runtime/verify/presets/discord";
import { judged, makeKey, NOW, numbered, signedParts } from "../../../support/signed";

const { key, secret } = makeKey(sender);

describe("Discord's signatures", () => {
  it("cannot be cut at another place: no digit goes from the time to the body", async () => {
    const parts = signedParts(sender, preset, { key });
    const time = parts.headers["x-signature-timestamp"]!;
    const headers = { ...parts.headers, "x-signature-timestamp": time.slice(0, -1) };
    const body = Buffer.concat([Buffer.from(time.slice(-1)), parts.body]);
    assert.equal((await judged(preset, numbered(secret), { ...parts, headers, body })).ok, false);
  });

  it("count forever, or as long as was asked for", async () => {
    const ask = (tolerance?: number) =>
      judged(preset, numbered(secret), signedParts(sender, preset, { key, now: NOW - 60_000 }), {
        settings: { tolerance },
      });
    assert.ok((await ask()).ok);
    assert.ok((await ask(90)).ok);
    assert.equal((await ask(30)).ok, false);
  });

  it("name interactions by their id, events by what, when and whom", async () => {
    for (const [event, id] of [
      ["APPLICATION_COMMAND", /^\d{17,19}$/],
      ["ENTITLEMENT_CREATE", /^ENTITLEMENT_CREATE:2026-11-26T12:00:00\.000000:\d{17,19}$/],
    ] as const) {
      const result = await judged(preset, numbered(secret), signedParts(sender, preset, { key, event }));
      assert.match(result.ok ? result.request.id : "", id);
    }
  });

  it("need a public key of 64 hex digits", () => {
    assert.equal(preset.secretProblem(secret), undefined);
    for (const odd of ["", "x", secret.slice(1), `${secret}00`, "g".repeat(64)])
      assert.match(preset.secretProblem(odd) ?? "", /64 hex digits/);
  });
});
