import assert from "node:assert/strict";
import { presets } from "../../../../runtime/verify/presets";
import { tryOddRequests } from "../../../support/odd-requests";

/** The first of those in test/matrix/runtime/verify. */
const REQUESTS = 4_300;
/** One of these would be a hang: no check has anything long to do. Milliseconds. */
const HANG = 2000;

describe("some thousand odd requests", function () {
  this.timeout(20_000);
  const each = Math.ceil(REQUESTS / presets.length);

  for (const preset of presets)
    it(`of ${preset.name} make its check neither throw nor accept what is wrong, nor hang`, async () => {
      const slowest = await tryOddRequests(preset, each);
      assert.ok(slowest < HANG, `${slowest} ms`);
    });
});
