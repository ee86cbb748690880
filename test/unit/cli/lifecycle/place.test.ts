import assert from "node:assert/strict";
import type { Args } from "../../../../cli/command";
import { placeOf } from "../../../../cli/deployments/place";
import { keptStack } from "../../../../cli/deployments/state";
import { askedPlace, guessPlace } from "../../../../cli/lifecycle/place";
import { capturedIo } from "../../../support/captured-io";

describe("the place of a name", () => {
  const stack = (project: "nami" | "nami-data", outputs: object, ...arns: string[]) => {
    const made = arns.map((arn) => ({ urn: `urn:${arn}`, type: "aws:x", id: arn, outputs: { arn } }));
    const root = {
      urn: "urn:root",
      type: "pulumi:pulumi:Stack",
      outputs: outputs as Record<string, unknown>,
    };
    return keptStack(project, "orders", { resources: [root, ...made] }, new Date());
  };
  const volume = (account: string) => `arn:aws:ec2:eu-central-1:${account}:volume/vol-1`;
  const [aws, local] = ["123456789012", "000000000000"];
  const guess = (args: object, env: NodeJS.ProcessEnv, ...stacks: (ReturnType<typeof stack> | undefined)[]) =>
    guessPlace({ name: "orders", ...args } as Args, capturedIo({ env }), stacks);

  it("is the one that its outputs tell", () => {
    const told = stack("nami", { target: "aws", region: "eu-west-1" }, volume(aws));
    assert.deepEqual(placeOf([told, undefined]), { target: "aws", region: "eu-west-1" });
  });

  it("is read from ARNs after an up that failed before it told any, and of kept data", () => {
    const failed = stack("nami", {}, "arn:aws:iam::123456789012:role/r", volume(aws));
    assert.deepEqual(placeOf([failed, undefined]), { target: "aws", region: "eu-central-1" });
    assert.deepEqual(placeOf([undefined, stack("nami-data", { volumeId: "vol-1" }, volume(aws))]), {
      target: "aws",
      region: "eu-central-1",
    });
    assert.equal(placeOf([stack("nami", {}, volume(local)), undefined]).target, "local");
  });

  it("of a new name is what is asked for, by flag or environment", () => {
    assert.deepEqual(placeOf([undefined, undefined]), {});
    assert.deepEqual(guess({}, {}), { target: "local", region: "us-east-1" });
    assert.deepEqual(guess({}, { NAMI_TARGET: "aws" }), { target: "aws", region: "us-east-1" });
    assert.deepEqual(guess({ target: "aws", region: "eu-west-1" }, { NAMI_REGION: "us-west-2" }), {
      target: "aws",
      region: "eu-west-1",
    });
  });

  it("of one that stands is where it stands, whatever is asked for now", () => {
    const failed = stack("nami", {}, volume(aws));
    assert.deepEqual(guess({ target: "local" }, {}, failed), { target: "aws", region: "eu-central-1" });
  });

  it("is the default where flag or environment are empty", () => {
    const asked = (given: object, env: Record<string, string>) =>
      askedPlace(given as Args, capturedIo({ env }));
    const usual = { target: "local", region: "us-east-1" };
    assert.deepEqual(asked({}, { NAMI_TARGET: "", NAMI_REGION: "" }), usual);
    assert.deepEqual(
      asked({ target: "", region: "" }, { NAMI_TARGET: "aws", NAMI_REGION: "eu-west-1" }),
      usual,
    );
    assert.deepEqual(asked({}, { NAMI_TARGET: "aws" }), { ...usual, target: "aws" });
  });
});
