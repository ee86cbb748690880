import assert from "node:assert/strict";
import { senderOf } from "../../../../cli/send/senders";
import { HMAC_EXAMPLE } from "../../../../cli/send/senders/hmac";
import type { Preset, VerifySettings } from "../../../../runtime/verify/preset";
import { presets } from "../../../../runtime/verify/presets";
import { judged, makeKey, NOW, numbered, type SignedParts, signedParts } from "../../../support/signed";

/** Generic presets must be told how; the others know. */
const SETTINGS: Record<string, Partial<VerifySettings>> = { hmac: HMAC_EXAMPLE };

/** Those that compare no secret have tests of their own. */
const withSecret = presets.filter(({ secret }) => secret !== undefined);

const otherCase = (text: string) => Buffer.from(text, "hex");

/** The same signature written otherwise: hex as base64, base64 as hex. */
function reencoded(value: string): string {
  return value.replace(/[A-Za-z0-9+/_-]{16,}={0,2}/g, (text) =>
    /^[0-9a-f]+$/i.test(text)
      ? otherCase(text).toString("base64")
      : Buffer.from(text, "base64").toString("hex"),
  );
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const at = Math.floor(copy.length / 2);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

for (const preset of withSecret) {
  describe(`the preset ${preset.name}`, () => {
    const sender = senderOf(preset.name)!;
    const settings = SETTINGS[preset.name];
    const pair = makeKey(sender);
    const other = makeKey(sender);
    const sent = (now = NOW) =>
      signedParts(sender, preset, {
        key: pair.key,
        now,
        settings: settings && { scheme: preset.name, ...settings },
      });
    const ask = (parts: SignedParts, secrets = numbered(pair.secret), now = NOW) =>
      judged(preset, secrets, parts, { now, settings });
    const refused = async (parts: SignedParts, what: string, secrets = numbered(pair.secret), now = NOW) => {
      const result = await ask(parts, secrets, now);
      assert.equal(result.ok, false, `${what} was accepted`);
      assert.ok(!result.ok && result.reason.length > 5, what);
      for (const secret of [pair.secret, pair.key])
        assert.ok(
          !(result as { reason: string }).reason.includes(secret),
          `${what}: the reason tells the secret`,
        );
    };

    it("accepts what is right, and says by which secret", async () => {
      const result = await ask(sent());
      assert.deepEqual(result.ok ? result.request.verified : result, { scheme: preset.name, keyIndex: 1 });
    });

    it("accepts by the second secret, and says so", async () => {
      const result = await ask(sent(), numbered(other.secret, pair.secret));
      assert.deepEqual(result.ok ? result.request.verified : result, { scheme: preset.name, keyIndex: 2 });
    });

    it("refuses the wrong secret, several wrong ones, an empty one, and none", async () => {
      await refused(sent(), "a wrong secret", numbered(other.secret));
      await refused(sent(), "two wrong secrets", numbered(other.secret, makeKey(sender).secret));
      await refused(sent(), "an empty secret", numbered(""));
      await refused(sent(), "no secret", []);
    });

    it(`${preset.coversBody ? "refuses" : "does not notice"} a body changed by one byte`, async () => {
      const parts = sent();
      const changed = { ...parts, body: flipped(parts.body) };
      if (preset.coversBody) {
        await refused(changed, "a changed body");
        await refused({ ...parts, body: Buffer.concat([parts.body, Buffer.from(" ")]) }, "a longer body");
        await refused({ ...parts, body: Buffer.alloc(0) }, "an empty body");
      } else assert.ok(!sender.sign || preset.hmac === undefined);
    });

    if (preset.tolerance !== undefined)
      it("refuses what was signed too long ago, or in the future", async () => {
        const away = (preset.tolerance! + 5) * 1000;
        assert.ok((await ask(sent(), undefined, NOW + (preset.tolerance! - 2) * 1000)).ok, "within");
        await refused(sent(), "an old one", undefined, NOW + away);
        await refused(sent(NOW + away), "one of the future");
      });

    it("refuses missing and malformed headers", async () => {
      const parts = sent();
      for (const header of Object.keys(parts.signed)) {
        const { [header]: value, ...rest } = parts.headers;
        await refused({ ...parts, headers: rest }, `no ${header}`);
        const odd = ["", "x", "=", ",", `${value}x`, value!.slice(0, -2), "\uFFFD", "a".repeat(9000)];
        for (const text of odd)
          await refused(
            { ...parts, headers: { ...parts.headers, [header]: text } },
            `${header}: ${text.slice(0, 40)}`,
          );
      }
    });

    it("refuses a signature in another encoding", async () => {
      const parts = sent();
      const headers = { ...parts.headers };
      for (const [header, value] of Object.entries(parts.signed)) headers[header] = reencoded(value);
      if (JSON.stringify(headers) !== JSON.stringify(parts.headers))
        await refused({ ...parts, headers }, "another encoding");
    });

    it("reads header names in any case", async () => {
      const parts = sent();
      const headers = Object.fromEntries(
        Object.entries(parts.headers).map(([name, value]) => [name.toUpperCase(), value]),
      );
      assert.ok((await ask({ ...parts, headers })).ok);
    });

    it("names its deliveries: the same again for the same one, another for another", async () => {
      const parts = sent();
      const ids = await Promise.all([ask(parts), ask(parts), ask(sent())]);
      const [first, again, another] = ids.map((each) => (each.ok ? each.request.id : ""));
      assert.equal(first, again);
      if (preset.id.length > 0 && first !== "request-1") assert.notEqual(first, another);
      if (preset.id.length > 0) assert.notEqual(first, "request-1", "the example carries the id");
    });
  });
}

describe("every preset", () => {
  const described: [string, (preset: Preset) => unknown][] = [
    ["has a name as in --verify", ({ name }) => /^[a-z][a-z0-9-]*$/.test(name)],
    ["has its provider's page", ({ docs }) => /^https:\/\/[\w.-]+\/./.test(docs)],
    [
      "names what it was checked against",
      ({ checkedAgainst }) => checkedAgainst === null || checkedAgainst !== "",
    ],
    ["tells about its secret", ({ secret }) => secret === undefined || secret.length > 15],
    ["has a sender for its secret", ({ name, secret }) => secret === undefined || senderOf(name)],
  ];
  for (const [what, holds] of described)
    it(`${what} in its description`, () => {
      for (const preset of presets) assert.ok(holds(preset), preset.name);
    });

  it("has a name of its own", () => {
    assert.equal(new Set(presets.map(({ name }) => name)).size, presets.length);
  });
});
