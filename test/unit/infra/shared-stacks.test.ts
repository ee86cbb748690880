import assert from "node:assert/strict";
import { isUnknown } from "@pulumi/pulumi/output";
import { programWith } from "../../../infra/program";
import { madeUpBundle, pipelineGraph } from "../../support/program-runs";
import { dataStack, run } from "../../support/pulumi-mocks";

describe("the shared stacks in the program", () => {
  it("a preview before the shared stacks exist plans with unknown outputs", async () => {
    const graph = await run(() => programWith({ gateway: "unknown", data: "unknown" }, madeUpBundle), {
      preview: true,
    });
    assert.equal(graph.all("pulumi:pulumi:StackReference").length, 0);
    assert.ok(isUnknown(graph.one("aws:apigatewayv2/route:Route").inputs.apiId));
    assert.ok(isUnknown(graph.one("aws:ec2/volumeAttachment:VolumeAttachment").inputs.volumeId));
    assert.ok(isUnknown(graph.one("aws:ec2/instance:Instance").inputs.userData));
    assert.ok(isUnknown(graph.one("aws:lambda/permission:Permission", "-invoke").inputs.sourceArn));
  });

  it("the program reads both shared stacks by their full names", async () => {
    const graph = await pipelineGraph();
    const names = graph.all("pulumi:pulumi:StackReference").map(({ inputs }) => inputs.name);
    assert.deepEqual(names.sort(), [
      "organization/nami-data/orders",
      "organization/nami-gateway/local-us-east-1",
    ]);
  });

  it("the error says what to run when a shared stack is missing or unfinished", async () => {
    const expected = {
      code: "SHARED_STACK_MISSING",
      message: "The stack nami-gateway/local-us-east-1 does not exist, or was never brought up to its end.",
      hint: "nami up orders",
    };
    const data = { "nami-data/orders": dataStack };
    await assert.rejects(pipelineGraph({ stacks: data }), expected);
    await assert.rejects(
      pipelineGraph({ stacks: { ...data, "nami-gateway/local-us-east-1": {} } }),
      expected,
    );
  });

  it("the error names the zone that has no default subnet", async () => {
    await assert.rejects(pipelineGraph({ subnets: [] }), { code: "SUBNET_MISSING", message: /us-east-1a/ });
  });

  it("the program stops before its first resource in an account that is not its target's", async () => {
    await assert.rejects(pipelineGraph({ accountId: "123456789012" }), {
      code: "TARGET_MISMATCH",
      hint: "nami env orders",
    });
  });
});
