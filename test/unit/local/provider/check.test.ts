import assert from "node:assert/strict";
import { check } from "../../../../local/provider/check";
import { typeTable } from "../../../../local/provider/types";
import { UNKNOWN, type Values } from "../../../../local/provider/values";

function run(type: string, news: Values, olds: Values = {}, name = "thing") {
  const randomSeed = new Uint8Array([1, 2, 3]);
  return check(typeTable(type), { name, olds, news, randomSeed, region: "us-east-1" });
}

const QUEUE = "aws:sqs/queue:Queue";
const ROUTE = "aws:apigatewayv2/route:Route";

describe("the check of inputs", () => {
  it("fills in AWS's defaults and the region", () => {
    const { inputs, failures } = run(QUEUE, { name: "orders" });
    assert.deepEqual(failures, []);
    assert.equal(inputs.visibilityTimeoutSeconds, 30);
    assert.equal(inputs.maxMessageSize, 262_144);
    assert.equal(inputs.region, "us-east-1");
  });

  it("refuses an input it does not know, and names those it knows", () => {
    const { failures } = run(QUEUE, { visibilityTimeout: 5 });
    assert.equal(failures[0]!.property, "visibilityTimeout");
    assert.match(failures[0]!.reason, /is not an input .* it knows: .*visibilityTimeoutSeconds/);
  });

  it("refuses an unknown input inside of an object by its path", () => {
    const { failures } = run("aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
      functionName: "f",
      scalingConfig: { maxConcurrency: 2 },
    });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["scalingConfig.maxConcurrency"],
    );
  });

  it("names every required input that is missing", () => {
    const missing = run(ROUTE, {}).failures.filter(({ reason }) => reason === "is required");
    assert.deepEqual(missing.map(({ property }) => property).sort(), ["apiId", "routeKey", "target"]);
  });

  it("refuses an unknown type by name", () => {
    assert.throws(
      () => typeTable("aws:s3/bucket:Bucket"),
      /has no "aws:s3\/bucket:Bucket"; it knows: .*aws:sqs\/queue:Queue/,
    );
  });

  it("refuses user data that EC2 would not take, by its bytes", () => {
    const machine = (userData: string) =>
      run("aws:ec2/instance:Instance", { ami: "ami-1", instanceType: "t4g.small", userData }).failures;
    assert.deepEqual(machine("x".repeat(16_384)), []);
    assert.deepEqual(machine(`${"x".repeat(16_383)}é`), [
      { property: "userData", reason: "has 16385 bytes; EC2 takes 16384" },
    ]);
  });

  it("refuses inputs that the local target cannot honour instead of ignoring them", () => {
    const { failures } = run(QUEUE, { fifoQueue: true });
    assert.deepEqual(failures, [
      { property: "fifoQueue", reason: "is true; Nami's local target can do false only" },
    ]);
  });

  it("holds numbers to AWS's limits and takes them as text", () => {
    assert.equal(run(QUEUE, { visibilityTimeoutSeconds: "90" }).inputs.visibilityTimeoutSeconds, 90);
    assert.match(
      run(QUEUE, { visibilityTimeoutSeconds: 43_201 }).failures[0]!.reason,
      /AWS allows 0 to 43200/,
    );
    assert.match(run(QUEUE, { visibilityTimeoutSeconds: "soon" }).failures[0]!.reason, /expected number/);
  });

  it("lets unknown values pass, also where they are required or bounded", () => {
    const { inputs, failures } = run(ROUTE, { apiId: UNKNOWN, routeKey: "ANY /a", target: UNKNOWN });
    assert.deepEqual(failures, []);
    assert.equal(inputs.target, UNKNOWN);
  });

  it("checks rules over several inputs", () => {
    const mapping = {
      eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
      functionName: "f",
      batchSize: 11,
    };
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    assert.equal(run(type, mapping).failures[0]!.property, "maximumBatchingWindowInSeconds");
    assert.deepEqual(run(type, { ...mapping, maximumBatchingWindowInSeconds: 1 }).failures, []);
  });

  it("turns a policy given as an object into text", () => {
    const policy = { Version: "2012-10-17", Statement: [] };
    const { inputs } = run("aws:iam/rolePolicy:RolePolicy", { role: "r", policy });
    assert.equal(inputs.policy, JSON.stringify(policy));
  });

  describe("gives names that", () => {
    it("consist of the logical name and seven hex digits of the seed, the same for preview and update", () => {
      const { inputs } = run(QUEUE, {});
      assert.match(String(inputs.name), /^thing-[0-9a-f]{7}$/);
      assert.equal(run(QUEUE, {}).inputs.name, inputs.name);
    });

    it("stay once made, and are made again when an explicit one is removed", () => {
      const made = { name: "thing-0000000", __defaults: ["name"] };
      assert.equal(run(QUEUE, {}, made).inputs.name, "thing-0000000");
      assert.notEqual(run(QUEUE, {}, { name: "explicit" }).inputs.name, "explicit");
    });

    it("start with a prefix where one is given", () => {
      assert.match(String(run(QUEUE, { namePrefix: "pre-" }).inputs.name), /^pre-[0-9a-f]{7}$/);
      assert.equal(run(QUEUE, { namePrefix: UNKNOWN }).inputs.name, UNKNOWN);
    });

    it("are refused when AWS would find them too long", () => {
      const { failures } = run(QUEUE, {}, {}, "x".repeat(80));
      assert.match(failures[0]!.reason, /88 characters; AWS allows 80/);
    });
  });
});
