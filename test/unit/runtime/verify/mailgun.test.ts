import assert from "node:assert/strict";
import { mailgun as sender } from "../../../../cli/send/senders/mailgun";
import preset from "../../../../runtime/verify/presets/mailgun";
import { judged, numbered, type SignedParts, signedParts } from "../../../support/signed";

const secret = "a".repeat(32);
const right = () => signedParts(sender, preset, { key: secret });
const ask = (parts: SignedParts) => judged(preset, numbered(secret), parts);

/** With another signature object in the body. */
function changed(parts: SignedParts, change: (signature: Record<string, unknown>) => object): SignedParts {
  const data = JSON.parse(parts.body.toString());
  return { ...parts, body: Buffer.from(JSON.stringify({ ...data, signature: change(data.signature) })) };
}

describe("Mailgun's signatures", () => {
  it("are accepted of the account that is above a subaccount", async () => {
    const parts = changed(right(), ({ signature, ...rest }) => ({
      ...rest,
      signature: "0".repeat(64),
      "parent-signature": signature,
    }));
    assert.ok((await ask(parts)).ok);
  });

  it("cannot be cut at another place: no digit goes from the time to the token", async () => {
    const parts = changed(right(), ({ timestamp, token, signature }) => ({
      timestamp: String(timestamp).slice(0, -1),
      token: String(timestamp).slice(-1) + token,
      signature,
    }));
    assert.equal((await ask(parts)).ok, false);
  });

  it("are refused in every other shape", async () => {
    const odd = [
      { timestamp: {} },
      { timestamp: null },
      { token: [] },
      { token: 5 },
      { signature: ["x"] },
      { signature: "" },
    ];
    for (const each of odd)
      assert.equal(
        (await ask(changed(right(), (was) => ({ ...was, ...each })))).ok,
        false,
        JSON.stringify(each),
      );
    assert.equal((await ask({ ...right(), body: Buffer.from("null") })).ok, false);
  });

  it("name the event by the id in its data", async () => {
    const result = await ask(right());
    assert.match(result.ok ? result.request.id : "", /^Ase7i2zsRYeDXztHGENq\w{8}$/);
  });
});
