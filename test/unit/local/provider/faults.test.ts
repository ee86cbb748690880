import assert from "node:assert/strict";
import type { CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { rehearsed } from "../../../../local/provider/faults";
import type { Handler } from "../../../../local/provider/rpc-server";
import { type Fault, NO_REHEARSAL } from "../../../../local/rehearsal";

const RPCS = ["create", "update", "delete", "read", "invoke", "checkConfig", "diff"];
const handlers: Record<string, Handler> = Object.fromEntries(RPCS.map((name) => [name, async () => name]));
const of = (name: string, type: string, preview = false) => ({
  getUrn: () => `urn:pulumi:demo::nami::nami:queue:Queue$${type}::${name}`,
  getPreview: () => preview,
});
const queue = of("orders-queue", "aws:sqs/queue:Queue");
const role = of("orders-role", "aws:iam/role:Role");
const withFaults = (...faults: Fault[]) => rehearsed(handlers, { ...NO_REHEARSAL, faults });

describe("the faults of a rehearsal", () => {
  it("leave a run without a rehearsal alone", () => {
    assert.equal(rehearsed(handlers, NO_REHEARSAL), handlers);
  });

  it("hit a resource by its name or its type, as often as given", async () => {
    for (const what of ["orders-queue", "aws:sqs/queue:Queue"]) {
      const { create } = withFaults({ verb: "create", of: what, times: 2, error: "no" });
      assert.equal(await create!(role), "create");
      await assert.rejects(async () => create!(queue), /^Error: no$/);
      await assert.rejects(async () => create!(queue), /no/);
      assert.equal(await create!(queue), "create");
    }
  });

  it("hit any resource without a name, once, for one verb", async () => {
    const faulty = withFaults({ verb: "delete", error: "in use" });
    assert.equal(await faulty.create!(queue), "create");
    await assert.rejects(async () => faulty.delete!(role), /in use/);
    assert.equal(await faulty.delete!(queue), "delete");
    assert.equal(await faulty.diff!(queue), "diff");
  });

  it("hit a lookup by its token", async () => {
    const { invoke } = withFaults({ verb: "invoke", of: "aws:ec2/getVpc:getVpc", error: "no VPC" });
    assert.equal(await invoke!({ getTok: () => "aws:ssm/getParameter:getParameter" }), "invoke");
    await assert.rejects(async () => invoke!({ getTok: () => "aws:ec2/getVpc:getVpc" }), /no VPC/);
  });

  it("refuse a configuration as a provider does", async () => {
    const { checkConfig } = withFaults({ verb: "configure", error: "No valid credential sources found." });
    const urn = "urn:pulumi:demo::nami::pulumi:providers:aws::default_7_48_0";
    const answer = (await checkConfig!({ getUrn: () => urn })) as CheckResponse;
    assert.deepEqual(
      answer.getFailuresList().map((failure) => failure.getReason()),
      ["No valid credential sources found."],
    );
  });

  it("leave a preview alone", async () => {
    const { create } = withFaults({ verb: "create", error: "no" });
    assert.equal(await create!(of("orders-queue", "aws:sqs/queue:Queue", true)), "create");
    await assert.rejects(async () => create!(queue));
  });
});
