import assert from "node:assert/strict";
import { conceal, reveal } from "../../../../local/provider/secrets";
import { SIGNATURE } from "../../../../local/provider/values";

const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

describe("the secrets in inputs and outputs", () => {
  const inputs = { environment: { variables: { A: "open", B: secret("hidden") } }, list: ["x", secret("y")] };

  it("are unwrapped at every depth", () => {
    assert.deepEqual(reveal(inputs), {
      environment: { variables: { A: "open", B: "hidden" } },
      list: ["x", "y"],
    });
  });

  it("are marked again in the same places, and nowhere else", () => {
    const state = { ...reveal(inputs), arn: "arn:x" };
    assert.deepEqual(conceal(state, inputs), { ...inputs, arn: "arn:x" });
  });

  it("hide all outputs that come from a secret object", () => {
    assert.deepEqual(conceal({ policy: "{}" }, { policy: secret({ a: 1 }) }), { policy: secret("{}") });
  });
});
