import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeKey } from "../../../cli/send/sender";
import { senderOf } from "../../../cli/send/senders";
import { presetNamed, presets } from "../../../runtime/verify/presets";
import { type Delivery, type Library, library } from "../../official/library";
import { messages } from "../../official/messages";
import { payments } from "../../official/payments";
import { standards } from "../../official/standard";
import { tools } from "../../official/tools";
import { judged, numbered, type SignedParts, signedParts, URL_OF } from "../../support/signed";

const libraries = [...standards, ...payments, ...messages, ...tools];
const folder = join(__dirname, "..", "..", "official");

/** Signed by Nami's own sender, now: the libraries look at the clock. */
function sent({ preset: name, event, makeKey: made }: Library): Delivery {
  const sender = senderOf(name)!;
  const pair = made?.() ?? makeKey(sender);
  const parts = signedParts(sender, presetNamed(name)!, { key: pair.key, event, now: Date.now() });
  return deliveryOf(parts, pair);
}

function deliveryOf(parts: SignedParts, pair: Delivery["pair"]): Delivery {
  return { parts, pair, text: parts.body.toString(), url: parts.query ? `${URL_OF}?${parts.query}` : URL_OF };
}

/** Another digit: it stays JSON, or a form, and what is signed of a body has digits before anything else does. */
function changed({ parts, pair }: Delivery): Delivery {
  const text = parts.body.toString().replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  assert.notEqual(text, parts.body.toString());
  return deliveryOf({ ...parts, body: Buffer.from(text) }, pair);
}

async function accepts(one: Library, delivery: Delivery): Promise<boolean> {
  try {
    return Boolean(await one.accepts(delivery));
  } catch {
    return false;
  }
}

for (const one of libraries) {
  describe(`for npm ${one.npm} and the preset ${one.preset}${one.event ? `, ${one.event}` : ""}`, function () {
    this.timeout(60_000);

    it("the library accepts what Nami's sender signs", async () => {
      assert.ok(await one.accepts(sent(one)));
    });

    it("the library refuses a changed body", async () => {
      assert.equal(await accepts(one, changed(sent(one))), false);
    });

    if (one.signs)
      it("Nami accepts what the library signs", async () => {
        const delivery = sent(one);
        const headers = { ...delivery.parts.headers, ...(await one.signs!(delivery)) };
        const parts = { ...delivery.parts, headers };
        const ask = (it: SignedParts) =>
          judged(presetNamed(one.preset)!, numbered(delivery.pair.secret), it, { now: Date.now() });
        assert.deepEqual((await ask(parts)).ok, true);
        const { body } = changed(delivery).parts;
        assert.equal((await ask({ ...parts, body })).ok, false);
      });
  });
}

describe("the libraries of the providers", () => {
  it("are those that the presets say they were checked against", () => {
    const said = new Set(
      presets.flatMap(({ name, checkedAgainst }) =>
        [...(checkedAgainst ?? "").matchAll(/npm (@?[\w./-]+)/g)].map(([, npm]) => `${name}: ${npm}`),
      ),
    );
    const held = new Set(libraries.map(({ npm, preset }) => `${preset}: ${npm}`));
    assert.deepEqual([...said].sort(), [...held].sort());
  });

  it("are all installed, in exact versions, from no address in the lock", async () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    assert.deepEqual(Object.keys(dependencies).sort(), [...new Set(libraries.map(({ npm }) => npm))].sort());
    for (const version of Object.values(dependencies)) assert.match(version as string, /^\d+\.\d+\.\d+$/);
    assert.doesNotMatch(readFileSync(join(folder, "package-lock.json"), "utf8"), /"resolved"/);
    assert.ok(await library("stripe"));
  });
});
