import assert from "node:assert/strict";
import { checkProbe, signProbe } from "../../../runtime/probe";

const probe = { name: "demo", nonce: "n1", deadline: 2000 };
const header = signProbe("key", probe);

describe("the probe's signature", () => {
  it("is accepted with the right key, name and time", () => {
    assert.deepEqual(checkProbe("key", header, "demo", 1999), { ok: true, probe });
  });

  it("is refused with another key, another name, or past the deadline", () => {
    assert.equal(checkProbe("other", header, "demo", 0).ok, false);
    assert.equal(checkProbe("key", header, "orders", 0).ok, false);
    assert.equal(checkProbe("key", header, "demo", 2000).ok, false);
  });

  it("is refused when a character is changed, cut or added", () => {
    const [text, signature] = header.split(".") as [string, string];
    const forged = Buffer.from(JSON.stringify({ ...probe, deadline: 9e15 })).toString("base64url");
    for (const odd of [
      "",
      ".",
      text,
      `${text}.`,
      `${text}.${signature.slice(2)}`,
      `${forged}.${signature}`,
      `${header}.a`,
    ]) {
      assert.equal(checkProbe("key", odd, "demo", 0).ok, false, odd);
    }
  });

  it("is refused by a deployment without a key", () => {
    assert.throws(() => signProbe(undefined as never, probe));
    assert.equal(checkProbe("", signProbe("", probe), "demo", 0).ok, false);
  });
});
