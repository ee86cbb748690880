import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "../../cli/send/prepare";
import { makeKey } from "../../cli/send/sender";
import { senderOf } from "../../cli/send/senders";
import { presetNamed, presets } from "../../runtime/verify/presets";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, ok, root, type StoredEvent, storedEvents } from "../support/nami";
import { type Answer, post } from "../support/post";

interface Verified {
  scheme: string;
  /** Null where no secret is compared. */
  keyIndex: number | null;
}

interface Rejected {
  id: string;
  reason: string;
  headers: Record<string, string>;
}

/** What is fetched is the provider's own certificate: none of these can be signed for here. */
const SIGNED_BY_CERTIFICATE = ["paypal", "aws-sns"];
const TOLD: Record<string, string[]> = {
  hmac: ["--verify-header", "x-signature", "--verify-prefix", "sha256="],
  ip: ["--verify-ips", "127.0.0.1"],
};

/** The check of one's own that people copy: the only TypeScript of docs/verification.md. */
function documentedCheck(): string {
  const text = readFileSync(join(root, "docs", "verification.md"), "utf8");
  const block = /^```ts\n([\s\S]*?)^```/m.exec(text)?.[1];
  assert.match(block ?? "", /export const verify = /);
  return block!;
}

const SETTINGS: Record<string, object> = { hmac: { header: "x-signature", prefix: "sha256=" } };

describe("verification through the local gateway", function () {
  this.timeout(240_000);
  let home: TestHome;
  const accepted: string[] = [];

  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  /** What a provider would post, signed with `key`. */
  async function send(url: string, name: string, key: string): Promise<Answer> {
    const [sender, preset] = [senderOf(name)!, presetNamed(name)!];
    const event = Object.keys(sender.events)[0]!;
    const settings = { scheme: name, ...SETTINGS[name] };
    const fresh = { id: randomUUID(), now: new Date() };
    const sent = prepare({ sender, preset, event, url, key, settings, fresh });
    return post(sent.url, sent.body, sent.headers, sent.method);
  }

  const allStored = () =>
    eventually(
      () => storedEvents(home.dir, "demo"),
      ({ length }) => length >= accepted.length,
      30,
    );

  /** What `nami rejected` tells of the request that was answered so. */
  async function rejection({ headers }: Answer): Promise<Rejected> {
    const all = await json<Rejected[]>(home.dir, ["rejected", "demo"]);
    const found = all.find(({ id }) => id === headers["apigw-requestid"]);
    assert.ok(found, `${headers["apigw-requestid"]} is not among ${all.length}`);
    return found;
  }

  function ownCheck() {
    it("custom: one's own check lets in what it says yes to, and what it says no to is refused with a reason", async () => {
      const file = join(home.dir, "own-check.ts");
      writeFileSync(file, documentedCheck());
      const env = { OWN: JSON.stringify({ KEY: "a key of one's own" }) };
      const flags = ["--verify", "custom", "--pre-queue", file, "--code-secrets", "env:OWN"];
      const { out } = await ok(home.dir, ["up", "demo", "--yes", "--json", ...flags], { env });
      const { url, ready, verified } = JSON.parse(out);
      assert.deepEqual([verified, ready.delayed], [true, undefined]);

      await allStored();
      const right = await post(url, '{"a":1}', { "x-key": "a key of one's own" });
      assert.equal(right.status, 200, right.body);
      accepted.push("custom");
      for (const headers of [{ "x-key": "another" }, {}] as Record<string, string>[]) {
        const wrong = await post(url, '{"a":2}', headers);
        assert.deepEqual([wrong.status, wrong.body], [401, '{"ok":false,"code":"NOT_VERIFIED"}']);
        assert.equal((await rejection(wrong)).reason, "verify says no");
      }
      const stored = await allStored();
      assert.equal(stored.length, accepted.length);
      const named = stored.map((event) => (event as StoredEvent & { verified: Verified }).verified);
      assert.deepEqual(
        named.find(({ scheme }) => scheme === "custom"),
        { scheme: "custom", keyIndex: null },
      );
    });
  }

  for (const preset of presets) {
    const { name } = preset;
    const sender = senderOf(name);
    const pair = sender && makeKey(sender);
    const flags = ["--verify", name, ...(TOLD[name] ?? [])];
    if (name === "custom") {
      ownCheck();
      continue;
    }

    it(`${name}: up becomes ready, what is right is stored, what is wrong is refused with a reason`, async () => {
      const env = { SECRET: pair?.secret ?? "", TOKEN: "a verify token" };
      const secret = preset.secret ? ["--secret", "env:SECRET"] : [];
      const token = preset.token ? ["--verify-token", "env:TOKEN"] : [];
      const asked = ["up", "demo", "--yes", "--json", ...flags, ...secret, ...token];
      const { out } = await ok(home.dir, asked, { env });
      const { url, ready, verified } = JSON.parse(out);
      assert.equal(verified, name !== "none");
      assert.equal(ready.delayed, undefined);
      if (!pair || !preset.secret || SIGNED_BY_CERTIFICATE.includes(name)) return;

      const right = await send(url, name, pair.key);
      assert.ok(
        right.status === 200 || right.status === preset.success?.status,
        `${right.status} ${right.body}`,
      );
      const wrong = await send(url, name, makeKey(sender).key);
      assert.equal(wrong.status, 401);
      assert.equal(wrong.body, '{"ok":false,"code":"NOT_VERIFIED"}');
      accepted.push(name);
      const rejected = await rejection(wrong);
      assert.ok(rejected.reason.length > 5);
      assert.ok(!JSON.stringify(rejected).includes(pair.secret), "the secret is logged");
    });
  }

  it("stored each once, and says by which scheme and secret", async () => {
    const events = await allStored();
    const verified = events.map((event) => (event as StoredEvent & { verified: Verified }).verified);
    assert.deepEqual(verified.map(({ scheme }) => scheme).sort(), [...accepted].sort());
    // Each secret took the place of the one before it, and none got a number again.
    assert.equal(new Set(verified.map(({ keyIndex }) => keyIndex)).size, accepted.length);
  });
});

describe("a secret that takes the place of another", function () {
  this.timeout(240_000);
  let home: TestHome;
  let url: string;
  const env = { OLD: "the-old-secret", NEW: "the-new-secret" };
  const status = async (from: string) =>
    (await nami(home.dir, ["send", "demo", "--secret", from], { env })).code;

  before(async () => {
    home = await makeHome();
    const { out } = await ok(
      home.dir,
      ["up", "demo", "--yes", "--json", "--verify", "github", "--secret", "env:OLD"],
      { env },
    );
    url = JSON.parse(out).url;
  });
  after(() => home.close());

  it("counts beside it until that is removed; the document tells which it was", async () => {
    assert.equal(await status("env:NEW"), 1);
    await ok(home.dir, ["secret", "add", "demo", "env:NEW"], { env });
    assert.deepEqual([await status("env:OLD"), await status("env:NEW")], [0, 0]);
    await ok(home.dir, ["secret", "remove", "demo", "1"]);
    assert.deepEqual([await status("env:OLD"), await status("env:NEW")], [1, 0]);
    const last = await nami(home.dir, ["secret", "remove", "demo", "2"]);
    assert.equal(last.code, 1);
    assert.match(last.err, /SECRET_LAST/);
    const stored = await eventually(
      () => storedEvents(home.dir, "demo"),
      ({ length }) => length === 3,
      20,
    );
    const numbers = stored.map((event) => (event as StoredEvent & { verified: Verified }).verified.keyIndex);
    assert.deepEqual(numbers.sort(), [1, 2, 2]);
  });

  it("stays when another is added for code, whatever stands in the environment", async () => {
    const around = { ...env, NAMI_SECRET: "env:OLD", KEY: "k" };
    await ok(home.dir, ["secret", "add", "demo", "--as", "API_KEY", "env:KEY"], { env: around });
    assert.deepEqual([await status("env:OLD"), await status("env:NEW")], [1, 0]);
    const { secrets, code } = await json<{ secrets: { number: number }[]; code: string[] }>(home.dir, [
      "secret",
      "list",
      "demo",
    ]);
    assert.deepEqual([secrets.map(({ number }) => number), code], [[2], ["API_KEY"]]);
  });

  it("is in no output, and the same again changes nothing", async () => {
    const listed = await ok(home.dir, ["secret", "list", "demo", "--json"]);
    assert.doesNotMatch(listed.out, /the-(old|new)-secret/);
    const again = await ok(home.dir, ["up", "demo", "--yes", "--secret", "env:NEW"], { env });
    assert.match(again.out, /no changes/);
  });

  it("answers why a request was refused", async () => {
    assert.equal((await post(url, '{"a":1}', { "x-hub-signature-256": "sha256=zz" })).status, 401);
    const { out } = await ok(home.dir, ["rejected", "demo"]);
    assert.match(out, /not hex/);
    assert.match(out, /does not fit the secret/);
  });
});
