import assert from "node:assert/strict";
import { accepted, type Preset } from "../../../../runtime/verify/preset";
import none from "../../../../runtime/verify/presets/none";
import { verify } from "../../../../runtime/verify/verify";
import { NOW, numbered, requestOf, verifierOf } from "../../../support/signed";

const request = requestOf({ method: "POST", query: "", headers: {}, body: Buffer.from("x") });

describe("verify", () => {
  it("accepts everything under none, and says so", async () => {
    const result = await verify(verifierOf(none, []), request, NOW);
    assert.ok(result.ok);
    assert.deepEqual(result.request.verified, { scheme: "none", keyIndex: null });
    assert.equal(result.request.raw, request.raw);
  });

  it("fails closed when the check throws", async () => {
    const broken: Preset = {
      ...none,
      check: () => {
        throw new TypeError("odd input");
      },
    };
    const result = await verify(verifierOf(broken, []), request, NOW);
    assert.deepEqual(result, { ok: false, reason: "the check failed: odd input" });
  });

  it("fails closed when a secret is needed and none is set", async () => {
    const preset: Preset = { ...none, name: "odd", secret: "A secret.", check: () => accepted(null) };
    const result = await verify(verifierOf(preset, []), request, NOW);
    assert.equal(result.ok, false);
  });

  it("tells the number of the secret, not its place", async () => {
    const preset: Preset = { ...none, secret: "A secret.", check: ({ keys }) => accepted(keys.indexOf("b")) };
    const secrets = [
      { number: 7, value: "a" },
      { number: 4, value: "b" },
    ];
    const result = await verify(verifierOf(preset, secrets), request, NOW);
    assert.equal(result.ok && result.keyIndex, 4);
  });

  it("lets in only listed addresses, whatever the preset", async () => {
    const ask = (ips: string) => verify(verifierOf(none, numbered(), {}, { ips }), request, NOW);
    assert.ok((await ask("203.0.113.0/24")).ok);
    assert.ok((await ask("2001:db8::/32, 203.0.113.7")).ok);
    assert.equal((await ask("203.0.113.8")).ok, false);
    assert.equal((await ask("not an address")).ok, false);
  });

  it("knows a sender behind a proxy of this machine by what that names last, and by nothing before it", async () => {
    const from = (chain: string) => {
      const behind = { ...request, sourceIp: "127.0.0.1", headers: { "x-forwarded-for": chain } };
      return verify(verifierOf(none, numbered(), {}, { ips: "192.0.2.0/24" }), behind, NOW);
    };
    for (const chain of ["192.0.2.5, 127.0.0.1", "9.9.9.9, 192.0.2.5:4711, ::1", "[192.0.2.5]:1"])
      assert.ok((await from(chain)).ok, chain);
    for (const chain of ["192.0.2.5, 203.0.113.9:4711, 127.0.0.1", "192.0.2.5, unknown, 127.0.0.1", ""])
      assert.equal((await from(chain)).ok, false, chain);
  });
});
