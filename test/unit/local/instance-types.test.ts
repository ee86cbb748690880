import assert from "node:assert/strict";
import { instanceType, sameArchitecture } from "../../../local/instance-types";

describe("the instance type", () => {
  /** As EC2's pages of instance types list them. */
  for (const [name, memoryGib, architecture] of [
    ["t4g.nano", 0.5, "arm64"],
    ["t4g.small", 2, "arm64"],
    ["t4g.2xlarge", 32, "arm64"],
    ["t3.micro", 1, "x86_64"],
    ["t3a.medium", 4, "x86_64"],
    ["m7g.medium", 4, "arm64"],
    ["m8g.48xlarge", 768, "arm64"],
    ["m6i.large", 8, "x86_64"],
    ["m7i-flex.large", 8, "x86_64"],
    ["c6gn.xlarge", 8, "arm64"],
    ["c5n.large", 5.25, "x86_64"],
    ["c7i.4xlarge", 32, "x86_64"],
    ["r6gd.large", 16, "arm64"],
    ["r5.24xlarge", 768, "x86_64"],
    ["x2gd.medium", 16, "arm64"],
    ["i4g.large", 16, "arm64"],
    ["im4gn.large", 8, "arm64"],
    ["is4gen.large", 12, "arm64"],
    ["a1.medium", 2, "arm64"],
  ] as const) {
    it(`${name} has ${memoryGib} GiB of memory and the architecture ${architecture}`, () => {
      assert.deepEqual(instanceType(name), { memoryGib, architecture });
    });
  }

  it("is not guessed when its name does not tell it", () => {
    for (const name of ["m4.large", "u-6tb1.metal", "m7g.metal", "p5.48xlarge", "t4g.huge", "t4g", ""])
      assert.equal(instanceType(name), undefined, name);
  });

  it("is compared with another by architecture", () => {
    assert.ok(sameArchitecture("t4g.small", "m7g.large"));
    assert.ok(!sameArchitecture("t4g.small", "t3.small"));
    assert.ok(sameArchitecture("t4g.small", "p5.48xlarge"));
  });
});
