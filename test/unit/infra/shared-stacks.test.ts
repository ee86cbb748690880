import assert from "node:assert/strict";
import { isUnknown } from "@pulumi/pulumi/output";
import { program, programWith } from "../../../infra/program";
import { dataStack, type RunOptions, run, sharedStacks } from "../../support/pulumi-mocks";

const up = (options: RunOptions = {}) => run(program, { stacks: sharedStacks, ...options });

describe("program, shared stacks", function () {
  this.timeout(30_000);

  it("plans with outputs that are not known yet", async () => {
    const graph = await run(() => programWith({ gateway: "unknown", data: "unknown" }), { preview: true });
    assert.equal(graph.all("pulumi:pulumi:StackReference").length, 0);
    assert.ok(isUnknown(graph.one("aws:apigatewayv2/route:Route").inputs.apiId));
    assert.ok(isUnknown(graph.one("aws:ec2/volumeAttachment:VolumeAttachment").inputs.volumeId));
    assert.ok(isUnknown(graph.one("aws:ec2/instance:Instance").inputs.userData));
    assert.ok(isUnknown(graph.one("aws:lambda/permission:Permission", "-invoke").inputs.sourceArn));
  });

  it("reads both of them by their full names", async () => {
    const graph = await up();
    const names = graph.all("pulumi:pulumi:StackReference").map(({ inputs }) => inputs.name);
    assert.deepEqual(names.sort(), [
      "organization/nami-data/orders",
      "organization/nami-gateway/local-us-east-1",
    ]);
  });

  it("says what to run when one is not there, or was never finished", async () => {
    const expected = {
      code: "SHARED_STACK_MISSING",
      message: "The stack nami-gateway/local-us-east-1 does not exist, or was never brought up to its end.",
      hint: "nami up orders",
    };
    const data = { "nami-data/orders": dataStack };
    await assert.rejects(run(program, { stacks: data }), expected);
    await assert.rejects(run(program, { stacks: { ...data, "nami-gateway/local-us-east-1": {} } }), expected);
  });

  it("says which subnet is missing", async () => {
    await assert.rejects(up({ subnets: [] }), { code: "SUBNET_MISSING", message: /us-east-1a/ });
  });

  it("stops before the first resource in an account that is not its target's", async () => {
    await assert.rejects(up({ accountId: "123456789012" }), {
      code: "TARGET_MISMATCH",
      hint: "nami env orders",
    });
  });
});
