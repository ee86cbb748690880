import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { checkHmac, type HmacScheme } from "../../../../runtime/verify/hmac";
import type { Ask } from "../../../../runtime/verify/preset";
import { NOW, requestOf } from "../../../support/signed";

const SCHEME: HmacScheme = {
  algorithm: "sha256",
  header: "x-signature",
  encoding: "hex",
  timestamp: { header: "x-time", unit: "ms", tolerance: 300 },
  signed: "{timestamp}.{body}",
};

describe("an HMAC", () => {
  /** What the check says of a body that was signed some seconds ago. */
  function judged(body: Buffer, seconds: number, tolerance?: number) {
    const time = String(NOW - seconds * 1000);
    const signature = createHmac("sha256", "key").update(`${time}.`).update(body).digest("hex");
    const headers = { "x-signature": signature, "x-time": time };
    const request = requestOf({ method: "POST", query: "", headers, body });
    const ask = { request, keys: ["key"], now: NOW, settings: { scheme: "x", tolerance } } as unknown as Ask;
    return checkHmac(SCHEME, ask).ok;
  }

  it("is made of the exact bytes, also of those that are no UTF-8", () => {
    for (const bytes of [[0xff, 0xfe, 0x00], [0xc3], [0xef, 0xbb, 0xbf, 0x41]])
      assert.equal(judged(Buffer.from(bytes), 0), true, String(bytes));
  });

  it("counts as long as the deployment says, else as long as the scheme says", () => {
    const body = Buffer.from("x");
    assert.deepEqual([judged(body, 299), judged(body, 301)], [true, false]);
    assert.deepEqual(
      [judged(body, 301, 600), judged(body, 601, 600), judged(body, 11, 10)],
      [true, false, false],
    );
  });
});
