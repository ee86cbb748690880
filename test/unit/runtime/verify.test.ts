import assert from "node:assert/strict";
import { incomingRequest } from "../../../runtime/event";
import { verify } from "../../../runtime/verify/verify";
import { httpEvent } from "../../support/aws-events";

const request = incomingRequest(httpEvent({ body: "x" }), 0);

describe("verify", () => {
  it("accepts everything under the scheme none, and says so", () => {
    const result = verify("none", [], request, 0);
    assert.ok(result.ok);
    assert.deepEqual(result.request.verified, { scheme: "none", keyIndex: null });
    assert.equal(result.request.raw, request.raw);
  });

  it("fails closed under a scheme it does not know", () => {
    for (const scheme of ["", "github", "toString", "__proto__"]) {
      const result = verify(scheme, ["secret"], request, 0);
      assert.equal(result.ok, false, scheme);
      assert.ok(!result.ok && result.reason.includes("unknown"));
    }
  });
});
