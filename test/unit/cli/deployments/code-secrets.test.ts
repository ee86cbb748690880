import assert from "node:assert/strict";
import { parseCodeSecrets } from "../../../../cli/deployments/code-secrets";

describe("secrets of the user's code", () => {
  it("are JSON, or lines as in a .env file", () => {
    const expected = { API_KEY: "a=b", OTHER: "two words" };
    assert.deepEqual(parseCodeSecrets('{"API_KEY":"a=b","OTHER":"two words"}'), expected);
    assert.deepEqual(parseCodeSecrets('# keys\nexport API_KEY=a=b\r\n\n OTHER = "two words" \n'), expected);
    assert.deepEqual(parseCodeSecrets("QUOTED='it'"), { QUOTED: "it" });
    assert.deepEqual(parseCodeSecrets("A=\"x # y\" # c\nB=z#1 # c\nC=\nD='l1\nl2' "), {
      A: "x # y",
      B: "z#1",
      C: "",
      D: "l1\nl2",
    });
  });

  it("are read from no other text", () => {
    for (const odd of [
      "{",
      '{"A":1}',
      "[]",
      "no name",
      "A-B=1",
      'A="x" y',
      "A=1\nno pair",
      '{"A B":"x"}',
      "=x",
    ])
      assert.equal(parseCodeSecrets(odd), undefined, odd);
  });
});
