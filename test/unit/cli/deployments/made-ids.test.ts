import assert from "node:assert/strict";
import { findings, type IdPlace } from "../../../../cli/deployments/made-ids";
import { typeTables } from "../../../../local/provider/types";

const aws: IdPlace = { target: "aws", region: "eu-central-1", account: "123456789012" };
const local: IdPlace = {
  target: "local",
  region: "us-east-1",
  account: "000000000000",
  awsUrl: "http://127.0.0.1:20001",
};

function idOf(type: string, inputs: object, place = aws): string {
  const finding = findings[type]!;
  assert.equal(finding.by, "inputs");
  return finding.by === "inputs" ? finding.id(inputs as Record<string, unknown>, place) : "";
}

function idIn(type: string, arn: string): string | undefined {
  const finding = findings[type]!;
  return finding.by === "tags" ? finding.arn.exec(arn)?.[1] : undefined;
}

describe("the ids of what was made", () => {
  it("are looked for of every type of the local target", () => {
    const types = typeTables.map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => !findings[type]),
      [],
    );
  });

  it("come from the names that AWS was given", () => {
    assert.equal(idOf("aws:iam/role:Role", { name: "r-1" }), "r-1");
    assert.equal(idOf("aws:iam/rolePolicy:RolePolicy", { role: "r-1", name: "p-1" }), "r-1:p-1");
    assert.equal(idOf("aws:sns/topic:Topic", { name: "t" }), "arn:aws:sns:eu-central-1:123456789012:t");
    const queue = "aws:sqs/queue:Queue";
    assert.equal(idOf(queue, { name: "q" }), "https://sqs.eu-central-1.amazonaws.com/123456789012/q");
    assert.equal(
      idOf(queue, { name: "q" }, { ...aws, region: "cn-north-1" }),
      "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q",
    );
    assert.equal(idOf(queue, { name: "q" }, local), "http://127.0.0.1:20001/000000000000/q");
    const stage = "aws:apigatewayv2/stage:Stage";
    assert.equal(idOf(stage, { apiId: "a1", name: "$default" }), "$default");
    assert.equal(idOf(stage, { apiId: "a1", name: "$default" }, local), "a1/$default");
    const filter = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
    assert.equal(idOf(filter, { logGroupName: "g", name: "f" }), "f");
    assert.equal(idOf(filter, { logGroupName: "g", name: "f" }, local), "g:f");
  });

  it("of attachments and routes are the hashes that AWS's provider makes", () => {
    const inputs = { deviceName: "/dev/sdf", instanceId: "i-1", volumeId: "vol-1" };
    assert.match(idOf("aws:ec2/volumeAttachment:VolumeAttachment", inputs), /^vai-\d+$/);
    const route = "aws:ec2/route:Route";
    // The CRC-32 of "0.0.0.0/0", as AWS's provider shows it for every default route.
    assert.equal(
      idOf(route, { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" }),
      "r-rtb-11080289494",
    );
    assert.match(idOf(route, { routeTableId: "rtb-1", destinationIpv6CidrBlock: "::/0" }), /^r-rtb-1\d+$/);
  });

  it("are the end of an ARN where AWS makes them up, of the right type only", () => {
    const arn = (rest: string) => `arn:aws:ec2:eu-central-1:123456789012:${rest}`;
    assert.equal(idIn("aws:ec2/instance:Instance", arn("instance/i-0a")), "i-0a");
    assert.equal(idIn("aws:ec2/securityGroup:SecurityGroup", arn("security-group/sg-0a")), "sg-0a");
    assert.equal(idIn("aws:ec2/securityGroup:SecurityGroup", arn("security-group-rule/sgr-0a")), undefined);
    assert.equal(idIn("aws:ec2/instance:Instance", arn("volume/vol-0a")), undefined);
    assert.equal(idIn("aws:apigatewayv2/api:Api", "arn:aws:apigateway:eu-central-1::/apis/a1b2c3"), "a1b2c3");
    assert.equal(
      idIn("aws:apigatewayv2/api:Api", "arn:aws:apigateway:eu-central-1::/apis/a1/stages/x"),
      undefined,
    );
  });
});
