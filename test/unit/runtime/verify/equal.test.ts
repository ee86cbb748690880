import assert from "node:assert/strict";
import crypto from "node:crypto";
import { decode } from "../../../../runtime/verify/encoding";
import { equalBytes, equalText, fittingKey } from "../../../../runtime/verify/equal";

describe("a comparison with a secret", () => {
  const { timingSafeEqual } = crypto;
  let compared = 0;
  beforeEach(() => {
    compared = 0;
    crypto.timingSafeEqual = (a, b) => {
      compared++;
      return timingSafeEqual(a, b);
    };
  });
  afterEach(() => {
    crypto.timingSafeEqual = timingSafeEqual;
  });

  it("takes constant time, wherever the two differ", () => {
    assert.equal(equalBytes(Buffer.from("abcd"), Buffer.from("abcd")), true);
    assert.equal(equalBytes(Buffer.from("xbcd"), Buffer.from("abcd")), false);
    assert.equal(equalText("token", "token"), true);
    assert.equal(equalText("t", "token"), false);
    assert.equal(compared, 4);
  });

  it("accepts no beginning of the right bytes, and nothing behind them", () => {
    for (const other of ["abc", "abcde", ""])
      assert.equal(equalBytes(Buffer.from(other), Buffer.from("abcd")), false, other);
  });

  it("tries each key, also behind the one that fits, and no empty one", () => {
    const tried: string[] = [];
    const fits = (key: string) => {
      tried.push(key);
      return key !== "a";
    };
    assert.equal(fittingKey(["a", "", "b", "c"], fits), 2);
    assert.deepEqual(tried, ["a", "b", "c"]);
    assert.equal(
      fittingKey([""], () => true),
      null,
    );
  });
});

describe("an encoded signature", () => {
  it("is refused with anything that Node would skip, before, behind or in it", () => {
    const right = { hex: "ab01", base64: "qwE=", base64url: "qwE" } as const;
    for (const [encoding, text] of Object.entries(right) as [keyof typeof right, string][]) {
      assert.deepEqual(decode(text, encoding), Buffer.from([0xab, 0x01]), encoding);
      for (const odd of [`${text}zz`, `${text} `, ` ${text}`, `${text}\n`, `${text}!`, "ab.01", ""])
        if (!(encoding === "base64url" && odd === `${text}zz`))
          assert.equal(decode(odd, encoding), undefined, odd);
    }
  });
});
