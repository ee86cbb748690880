import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { senderOf } from "../../cli/send/senders";
import { HMAC_EXAMPLE } from "../../cli/send/senders/hmac";
import { shake } from "../../runtime/verify/handshake";
import type { Preset, VerifySettings } from "../../runtime/verify/preset";
import { presets } from "../../runtime/verify/presets";
import { askOf, verify } from "../../runtime/verify/verify";
import { coveredBy } from "./covered";
import { Dice, mutated } from "./mutations";
import { seededRandom } from "./seeded-random";
import {
  makeKey,
  NOW,
  numbered,
  type Parts,
  requestOf,
  type SignedParts,
  signedParts,
  verifierOf,
} from "./signed";

const SETTINGS: Record<string, Partial<VerifySettings>> = {
  hmac: HMAC_EXAMPLE,
  ip: { ips: "203.0.113.0/24" },
};

interface Subject {
  preset: Preset;
  settings: Partial<VerifySettings>;
  keys: string[];
  wrong: string[];
  signed: SignedParts[];
}

function subjectOf(preset: Preset): Subject {
  const sender = senderOf(preset.name);
  const settings = { scheme: preset.name, ...SETTINGS[preset.name] };
  if (!sender) {
    const headers = { "content-type": "application/json" };
    const plain = {
      method: "POST",
      query: "",
      headers,
      body: Buffer.from('{"a":1}'),
      signed: {},
      served: {},
    };
    return { preset, settings, keys: [], wrong: [], signed: [plain] };
  }
  const [pair, other] = [makeKey(sender), makeKey(sender)];
  const signed = Object.keys(sender.events).map((event) =>
    signedParts(sender, preset, { key: pair.key, event, settings }),
  );
  return { preset, settings, keys: [pair.secret], wrong: [other.secret], signed };
}

/** Throws what is wrong, if anything is. */
async function tryOne({ preset, settings, keys, wrong, signed }: Subject, dice: Dice): Promise<number> {
  const original = dice.of(signed);
  let parts: Parts = original;
  const steps = dice.of([0, 1, 1, 1, 1, 2, 3]);
  for (let i = 0; i < steps; i++) parts = mutated(parts, dice);
  const used = dice.below(10) === 0 ? dice.of([wrong, [], [""]]) : keys;
  const now = dice.below(10) === 0 ? NOW + dice.of([-1, 1]) * 1000 * (preset.tolerance ?? 60) * 2 : NOW;
  const request = requestOf(parts, now);
  const verifier = verifierOf(preset, numbered(...used), original.served, settings);

  const begun = performance.now();
  const result = await verify(verifier, request, now);
  for (const when of ["open", "verified"] as const)
    await shake(preset, when, askOf(verifier, request, now)).catch((error) =>
      assert.match(String(error), /nobody serves/),
    );
  const took = performance.now() - begun;

  if (!result.ok) {
    for (const key of used.filter(Boolean))
      assert.ok(!result.reason.includes(key), "the reason tells the secret");
    const untouched = steps === 0 && used === keys && now === NOW;
    assert.ok(!untouched || preset.name === "custom", `what is right was refused: ${result.reason}`);
    return took;
  }
  if (preset.secret !== undefined) assert.equal(used, keys, "a wrong secret was accepted");
  if (preset.tolerance !== undefined) assert.equal(now, NOW, "an old time was accepted");
  const [given, was] = [request, requestOf(original)].map((each) => coveredBy(preset, each));
  assert.ok(isDeepStrictEqual(given, was), "what is covered was changed, and accepted");
  return took;
}

/** Tries the odd requests of the seeds 1 to `count` on a preset. Answers the milliseconds of the slowest. */
async function tryOddRequests(preset: Preset, count: number): Promise<number> {
  const subject = subjectOf(preset);
  let slowest = 0;
  for (let seed = 1; seed <= count; seed++) {
    const dice = new Dice(seededRandom(seed * 7919));
    const took = await tryOne(subject, dice).catch((error: Error) => {
      throw new Error(`${preset.name}, seed ${seed}: ${error.message}`, { cause: error });
    });
    slowest = Math.max(slowest, took);
  }
  return slowest;
}

/** One of these would be a hang: no check has anything long to do. Milliseconds. */
const HANG = 2000;

/** Declares a test for each preset, of its share of `requests`. The first requests are the same whatever their number. */
export function oddRequests(requests: number): void {
  describe(`${requests} odd requests`, function () {
    this.timeout(300_000);
    const each = Math.ceil(requests / presets.length);

    for (const preset of presets)
      it(`of ${preset.name} make its check neither throw nor accept what is wrong, nor hang`, async () => {
        const slowest = await tryOddRequests(preset, each);
        assert.ok(slowest < HANG, `${slowest} ms`);
      });
  });
}
