import assert from "node:assert/strict";
import { pipelineGraph } from "../../support/program-runs";
import { dataStack, type Graph } from "../../support/pulumi-mocks";

describe("the Mongo host in the program", () => {
  let graph: Graph;
  before(async () => {
    graph = await pipelineGraph();
  });

  it("the program makes the Mongo host from a script that holds no password", () => {
    const { inputs } = graph.one("aws:ec2/instance:Instance");
    assert.equal(inputs.ami, "ami-1");
    assert.equal(inputs.instanceType, "t4g.small");
    assert.equal(inputs.subnetId, "subnet-a");
    assert.deepEqual(inputs.vpcSecurityGroupIds, ["nami-orders-mongo-1"]);
    assert.equal(inputs.iamInstanceProfile, "nami-orders-mongo-host-1");
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    assert.equal(inputs.rootBlockDevice.encrypted, true);
    assert.equal(inputs.rootBlockDevice.volumeType, "gp3");
    assert.equal(inputs.userDataReplaceOnChange, true);
    assert.ok(
      inputs.userData.includes(dataStack.volumeId.replace("-", "")) ||
        inputs.userData.includes(dataStack.volumeId),
    );
    assert.ok(inputs.userData.includes(dataStack.passwordParameter));
    assert.ok(!inputs.userData.includes(dataStack.password));
    const attachment = graph.one("aws:ec2/volumeAttachment:VolumeAttachment").inputs;
    assert.equal(attachment.instanceId, "nami-orders-mongo-host-1");
    assert.equal(attachment.volumeId, "vol-1");
    assert.equal(attachment.skipDestroy, true);
  });

  it("the functions get the address of the Mongo host as a secret", () => {
    for (const suffix of ["-post-queue", "-operator"]) {
      const { inputs, secrets } = graph.one("aws:lambda/function:Function", suffix);
      assert.equal(
        inputs.environment.variables.NAMI_MONGO_URI,
        "mongodb://nami:p4ss@127.0.0.1:27017/?authSource=admin&directConnection=true",
      );
      assert.ok(secrets.includes("environment"), suffix);
    }
  });

  it("only the worker's group reaches MongoDB, and the worker reaches nothing else", () => {
    const groups = graph.all("aws:ec2/securityGroup:SecurityGroup");
    assert.deepEqual(
      groups.map(({ inputs }) => [inputs.vpcId, inputs.ingress, inputs.egress]),
      [
        ["vpc-1", undefined, undefined],
        ["vpc-1", undefined, undefined],
      ],
    );
    const ingress = graph.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs;
    assert.equal(ingress.securityGroupId, "nami-orders-mongo-1");
    assert.equal(ingress.referencedSecurityGroupId, "nami-orders-worker-1");
    assert.deepEqual([ingress.ipProtocol, ingress.fromPort, ingress.toPort], ["tcp", 27_017, 27_017]);
    const egress = graph
      .all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .map(({ inputs }) => inputs);
    const ofWorker = egress.filter(({ securityGroupId }) => securityGroupId === "nami-orders-worker-1");
    assert.deepEqual(
      ofWorker.map((rule) => [rule.referencedSecurityGroupId, rule.fromPort, rule.toPort]),
      [["nami-orders-mongo-1", 27_017, 27_017]],
    );
    const ofMongo = egress.filter(({ securityGroupId }) => securityGroupId === "nami-orders-mongo-1");
    assert.deepEqual(
      ofMongo.map((rule) => [rule.cidrIpv4, rule.fromPort, rule.toPort]),
      [
        ["0.0.0.0/0", 80, 80],
        ["0.0.0.0/0", 443, 443],
      ],
    );
  });

  it("the program looks for the host's subnet in the zone of the volume", () => {
    const { inputs } = graph.invokes.find(({ token }) => token === "aws:ec2/getSubnets:getSubnets")!;
    assert.deepEqual(inputs.filters, [
      { name: "vpc-id", values: ["vpc-1"] },
      { name: "availability-zone", values: ["us-east-1a"] },
      { name: "default-for-az", values: ["true"] },
    ]);
  });
});
