import assert from "node:assert/strict";
import { lastNumber, parseSecrets, secretsText } from "../../../../runtime/verify/secrets";

const addedAt = "2026-01-01T00:00:00.000Z";

describe("secrets of verification", () => {
  it("are one text, or a list that keeps numbers", () => {
    assert.deepEqual(parseSecrets(undefined), []);
    assert.deepEqual(parseSecrets("whsec_x"), [{ number: 1, value: "whsec_x" }]);
    const two = [
      { number: 2, value: "whsec_y", addedAt },
      { number: 1, value: "whsec_x" },
    ];
    assert.deepEqual(parseSecrets(secretsText(two, 2)), two);
  });

  it("remember the highest number that was given, also to one that has gone", () => {
    const text = secretsText([{ number: 1, value: "a" }], 4);
    assert.deepEqual(parseSecrets(text), [{ number: 1, value: "a" }]);
    assert.equal(lastNumber(text), 4);
    assert.equal(lastNumber("plain"), 1);
    assert.equal(lastNumber(undefined), 0);
  });

  it("are taken as they are when they only look like a list", () => {
    const odd = '[{"number":oops';
    assert.deepEqual(parseSecrets(odd), [{ number: 1, value: odd }]);
  });
});
