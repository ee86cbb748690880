import assert from "node:assert/strict";
import { described } from "../../../../cli/display/preset-facts";
import { presetNamed } from "../../../../runtime/verify/presets";

describe("the description of a preset's signed time", () => {
  const cases: Record<string, RegExp> = {
    stripe: /^signed, within 300 s$/,
    gitlab: /^with a signing token signed, within 300 s; with a secret token not signed$/,
    discord: /^signed, of any age: only with --verify-tolerance an old request is refused$/,
    paypal: /^signed, of any age: only with --verify-tolerance/,
    sendgrid: /^signed, of any age: only with --verify-tolerance/,
    github: /^not looked at: an old request can be sent again$/,
  };
  for (const [name, expected] of Object.entries(cases))
    it(`says for ${name} how old a request may be`, () =>
      assert.match(described(presetNamed(name)!).time, expected));
});
