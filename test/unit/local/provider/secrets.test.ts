import assert from "node:assert/strict";
import { conceal, reveal } from "../../../../local/provider/secrets";
import { SIGNATURE } from "../../../../local/provider/values";

const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

describe("secrets", () => {
  const inputs = { environment: { variables: { A: "open", B: secret("hidden") } }, list: ["x", secret("y")] };

  it("are revealed wherever they are", () => {
    assert.deepEqual(reveal(inputs), {
      environment: { variables: { A: "open", B: "hidden" } },
      list: ["x", "y"],
    });
  });

  it("are marked again at the same places, and nowhere else", () => {
    const state = { ...reveal(inputs), arn: "arn:x" };
    assert.deepEqual(conceal(state, inputs), { ...inputs, arn: "arn:x" });
  });

  it("hide what a whole secret object became", () => {
    assert.deepEqual(conceal({ policy: "{}" }, { policy: secret({ a: 1 }) }), { policy: secret("{}") });
  });
});
