import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "../../cli/send/prepare";
import { makeKey } from "../../cli/send/sender";
import { senderOf } from "../../cli/send/senders";
import { presetNamed } from "../../runtime/verify/presets";
import { type DemoHome, demoHome } from "../support/home-template";
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

/**
 * One preset of each kind of plumbing: a header, a signed URL, options of the check's own. What
 * each of the others accepts and refuses is held by component/runtime/preset-sandboxes, over the same bundles.
 */
const DEPLOYED: Record<string, string[]> = {
  github: [],
  twilio: [],
  hmac: ["--verify-header", "x-signature", "--verify-prefix", "sha256="],
};
const SETTINGS: Record<string, object> = { hmac: { header: "x-signature", prefix: "sha256=" } };
/** Generous: events are stored within a second. */
const STORED_SECONDS = 60;

/** The check that people copy: the only TypeScript of docs/verification.md. */
function documentedCheck(): string {
  const text = readFileSync(join(root, "docs", "verification.md"), "utf8");
  const block = /^```ts\n([\s\S]*?)^```/m.exec(text)?.[1];
  assert.match(block ?? "", /export const verify = /);
  return block!;
}

/** What a provider would post, signed with `key`. */
function send(url: string, name: string, key: string): Promise<Answer> {
  const [sender, preset] = [senderOf(name)!, presetNamed(name)!];
  const event = Object.keys(sender.events)[0]!;
  const settings = { scheme: name, ...SETTINGS[name] };
  const fresh = { id: randomUUID(), now: new Date() };
  const sent = prepare({ sender, preset, event, url, key, settings, fresh });
  return post(sent.url, sent.body, sent.headers, sent.method);
}

const verifiedOf = (event: StoredEvent) => (event as StoredEvent & { verified: Verified }).verified;

describe("verification through the local gateway", function () {
  this.timeout(300_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  /** What is stored of a scheme, once there is something. */
  const storedBy = async (name: string) => {
    const all = await eventually(
      () => storedEvents(home.dir, "demo"),
      (events) => events.some((event) => verifiedOf(event).scheme === name),
      STORED_SECONDS,
    );
    return all.filter((event) => verifiedOf(event).scheme === name);
  };

  /** What `nami rejected` tells of the request that was answered so. */
  async function rejection({ headers }: Answer): Promise<Rejected> {
    const all = await json<Rejected[]>(home.dir, ["rejected", "demo"]);
    const found = all.find(({ id }) => id === headers["apigw-requestid"]);
    assert.ok(found, `${headers["apigw-requestid"]} is not among ${all.length}`);
    return found;
  }

  for (const [name, flags] of Object.entries(DEPLOYED)) {
    it(`up --verify ${name} becomes ready, stores what is signed, and refuses what is not with a reason`, async () => {
      const { key, secret } = makeKey(senderOf(name)!);
      const asked = ["up", "demo", "--yes", "--json", "--verify", name, "--secret", "env:SECRET", ...flags];
      const { out } = await ok(home.dir, asked, { env: { SECRET: secret } });
      const { url, ready, verified } = JSON.parse(out);
      assert.deepEqual([verified, ready.delayed], [true, undefined]);

      const right = await send(url, name, key);
      assert.ok(
        right.status === (presetNamed(name)!.success?.status ?? 200),
        `${right.status} ${right.body}`,
      );
      const wrong = await send(url, name, makeKey(senderOf(name)!).key);
      assert.deepEqual([wrong.status, wrong.body], [401, '{"ok":false,"code":"NOT_VERIFIED"}']);
      const rejected = await rejection(wrong);
      assert.ok(rejected.reason.length > 5);
      assert.ok(!JSON.stringify(rejected).includes(secret), "the secret is logged");
      assert.equal((await storedBy(name)).length, 1);
    });
  }

  it("up --verify custom lets in what the user's own check says yes to, and refuses the rest with a reason", async () => {
    const file = join(home.dir, "own-check.ts");
    writeFileSync(file, documentedCheck());
    const env = { OWN: JSON.stringify({ KEY: "a key of the user's" }) };
    const flags = ["--verify", "custom", "--pre-queue", file, "--code-secrets", "env:OWN"];
    const { out } = await ok(home.dir, ["up", "demo", "--yes", "--json", ...flags], { env });
    const { url, ready, verified } = JSON.parse(out);
    assert.deepEqual([verified, ready.delayed], [true, undefined]);

    const right = await post(url, '{"a":1}', { "x-key": "a key of the user's" });
    assert.equal(right.status, 200, right.body);
    for (const headers of [{ "x-key": "another" }, {}] as Record<string, string>[]) {
      const wrong = await post(url, '{"a":2}', headers);
      assert.deepEqual([wrong.status, wrong.body], [401, '{"ok":false,"code":"NOT_VERIFIED"}']);
      assert.equal((await rejection(wrong)).reason, "verify says no");
    }
    assert.deepEqual((await storedBy("custom")).map(verifiedOf), [{ scheme: "custom", keyIndex: null }]);
  });
});

describe("a secret that takes the place of another", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let url: string;
  const env = { OLD: "the-old-secret", NEW: "the-new-secret" };
  const status = async (from: string) =>
    (await nami(home.dir, ["send", "demo", "--secret", from], { env })).code;

  beforeEach(async () => {
    home = await demoHome();
    const flags = ["--verify", "github", "--secret", "env:OLD"];
    const { out } = await ok(home.dir, ["up", "demo", "--yes", "--json", ...flags], { env });
    url = JSON.parse(out).url;
  });
  afterEach(() => home?.close());

  it("counts beside the old one until that is removed, and the document tells which it was", async () => {
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
      STORED_SECONDS,
    );
    assert.deepEqual(stored.map((event) => verifiedOf(event).keyIndex).sort(), [1, 2, 2]);
    const again = await ok(home.dir, ["up", "demo", "--yes", "--secret", "env:NEW"], { env });
    assert.match(again.out, /no changes/);
  });

  it("stays when another is added for code, whatever stands in the environment, and is in no output", async () => {
    const around = { ...env, NAMI_SECRET: "env:NEW", KEY: "k" };
    await ok(home.dir, ["secret", "add", "demo", "--as", "API_KEY", "env:KEY"], { env: around });
    assert.deepEqual([await status("env:OLD"), await status("env:NEW")], [0, 1]);
    const { out } = await ok(home.dir, ["secret", "list", "demo", "--json"]);
    const { secrets, code } = JSON.parse(out) as { secrets: { number: number }[]; code: string[] };
    assert.deepEqual([secrets.map(({ number }) => number), code], [[1], ["API_KEY"]]);
    assert.doesNotMatch(out, /the-(old|new)-secret/);
  });

  it("is named in the reason why a request was refused", async () => {
    assert.equal((await post(url, '{"a":1}', { "x-hub-signature-256": "sha256=zz" })).status, 401);
    assert.equal(await status("env:NEW"), 1);
    const { out } = await ok(home.dir, ["rejected", "demo"]);
    assert.match(out, /not hex/);
    assert.match(out, /does not fit the secret/);
  });
});
