import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Args } from "../../../../cli/command";
import type { Deployed } from "../../../../cli/deployments/deployments";
import { described } from "../../../../cli/display/preset-facts";
import { presetsPage } from "../../../../cli/display/presets-page";
import { signingKey } from "../../../../cli/send/key";
import { senderOf, senders } from "../../../../cli/send/senders";
import { whereToLook } from "../../../../cli/send/where-to-look";
import type { CodedError } from "../../../../runtime/coded-error";
import { presetNamed } from "../../../../runtime/verify/presets";
import { capturedIo } from "../../../support/captured-io";
import { judged, NOW, numbered, signedParts } from "../../../support/signed";

const args = { json: false, quiet: false, verbose: false, yes: false, name: "demo" } as Args;

/** With what an example of `preset` is signed for a name that verifies `verify`. */
const keyFor = (preset: string, verify = preset, more: object = {}) =>
  signingKey(
    { name: "demo", outputs: { verify } } as unknown as Deployed,
    { preset: presetNamed(preset)!, sender: senderOf(preset)! },
    { ...args, ...more },
    capturedIo({ env: { KEY: "of one's own" } }),
  );

const refusal = (...asked: Parameters<typeof keyFor>): Promise<CodedError> =>
  keyFor(...asked).then(
    () => assert.fail("has a key"),
    (error) => error,
  );

const EITHER = { discord: "key pair", sendgrid: "key pair", paypal: "certificate", "aws-sns": "certificate" };

describe("nami send for a provider with a private key", () => {
  it("is needed for four presets; all others sign with the name's own secret", () => {
    const asymmetric = senders.filter(({ privateKey }) => privateKey !== undefined);
    assert.deepEqual(asymmetric.map(({ preset }) => preset).sort(), Object.keys(EITHER).sort());
  });

  for (const preset of ["paypal", "aws-sns"]) {
    it(`sends nothing for ${preset}, which fetches the provider's own certificate, whatever the key`, async () => {
      for (const more of [{}, { secret: "env:KEY" }]) {
        const { code, message, hint } = await refusal(preset, preset, more);
        assert.equal(code, "SEND_CERTIFICATE");
        assert.match(message, /nobody else can sign for it/);
        assert.equal(hint, `nami up ${preset}-try && nami send ${preset}-try --preset ${preset}`);
      }
      assert.match(await keyFor(preset, "none"), /^[^\n]+\n-----BEGIN PRIVATE KEY-----/);
      assert.equal(described(presetNamed(preset)!).eventsSignedBy, "provider alone");
    });
  }

  for (const preset of ["discord", "sendgrid"]) {
    it(`hints for ${preset} at commands that make a pair, add its public half and sign with the other`, async function () {
      this.timeout(20_000);
      const { code, message, hint } = await refusal(preset);
      assert.equal(code, "SEND_NEEDS_KEY");
      assert.match(message, /--secret file:PATH/);
      const rest = ` | nami secret add demo @- && nami send demo --secret file:${preset}.pem`;
      assert.ok(hint.endsWith(rest), hint);
      assert.equal(await keyFor(preset, preset, { secret: "env:KEY" }), "of one's own");
      const cwd = mkdtempSync(join(tmpdir(), "nami-pair-"));
      try {
        const make = hint.slice(0, -rest.length);
        const secret = execFileSync("sh", ["-c", make], { cwd, encoding: "utf8", stdio: "pipe" }).trim();
        const key = readFileSync(join(cwd, `${preset}.pem`), "utf8").trim();
        assert.equal(presetNamed(preset)!.secretProblem?.(secret), undefined);
        const parts = signedParts(senderOf(preset)!, presetNamed(preset)!, { key, now: NOW });
        assert.ok((await judged(presetNamed(preset)!, numbered(secret), parts, { now: NOW })).ok);
      } finally {
        rmSync(cwd, { recursive: true });
      }
      assert.equal(described(presetNamed(preset)!).eventsSignedBy, "private key");
    });
  }

  it("is marked in the list of presets", () => {
    const marks = presetsPage().matchAll(/^\| `([\w-]+)` .*; \*(private key|provider alone)\* \|$/gm);
    assert.deepEqual(Object.fromEntries([...marks].map(([, name, mark]) => [name, mark])), {
      discord: "private key",
      sendgrid: "private key",
      paypal: "provider alone",
      "aws-sns": "provider alone",
    });
  });
});

describe("an event that was refused", () => {
  it("is explained where the reason stands", () => {
    const told = Object.fromEntries(
      [400, 401, 403, 500, 404, 413, 503].map((at) => [at, whereToLook("demo", at)]),
    );
    assert.deepEqual(told, {
      400: "nami rejected demo",
      401: "nami rejected demo",
      403: "nami rejected demo",
      404: "nami status demo",
      413: "nami status demo",
      500: "nami logs demo --function pre-queue",
      503: "nami status demo",
    });
  });
});
