import assert from "node:assert/strict";
import type { Fault, Verb } from "../../local/rehearsal";
import { bridged, ec2 } from "../support/aws-texts";
import { makeHome, type TestHome } from "../support/home";
import { hosted } from "../support/killed-engine";
import { eventually, json, nami, ok, type Result, storedEvents, up } from "../support/nami";
import { post } from "../support/post";

/** Every type of a name's resources, with something that AWS says when it cannot do what it is asked. */
const said: Record<string, string> = {
  "aws:ebs/volume:Volume": ec2("creating EBS Volume", "CreateVolume", "VolumeLimitExceeded: Maximum number"),
  "aws:ssm/parameter:Parameter": bridged("creating SSM Parameter", "SSM: PutParameter", 400, "TooManyUpdates:"),
  "aws:iam/role:Role": bridged("creating IAM Role", "IAM: CreateRole", 409, "LimitExceeded: RolesPerAccount: 1000"),
  "aws:iam/rolePolicy:RolePolicy": bridged("putting IAM Role Policy", "IAM: PutRolePolicy", 500, "ServiceFailure:"),
  "aws:iam/instanceProfile:InstanceProfile": bridged(
    "creating IAM Instance Profile",
    "IAM: CreateInstanceProfile",
    503,
    "api error Throttling: Rate exceeded",
  ),
  "aws:cloudwatch/logGroup:LogGroup": bridged(
    "creating CloudWatch Logs Log Group",
    "CloudWatch Logs: CreateLogGroup",
    400,
    "OperationAbortedException: A conflicting operation is currently in progress against this resource.",
  ),
  "aws:sqs/queue:Queue": bridged("creating SQS Queue", "SQS: CreateQueue", 400, "QueueDeletedRecently: You must wait"),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "waiting for SQS Queue attribute (RedriveAllowPolicy) create: timeout",
  "aws:ec2/securityGroup:SecurityGroup": ec2("creating Security Group", "CreateSecurityGroup", "InternalError: An"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "reading VPC Security Group Rule: couldn't find resource",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "reading VPC Security Group Rule: couldn't find resource",
  "aws:ec2/instance:Instance": ec2("creating EC2 Instance", "RunInstances", "InsufficientInstanceCapacity: We"),
  "aws:ec2/volumeAttachment:VolumeAttachment": "waiting for EC2 Volume Attachment: timeout while waiting for state",
  "aws:lambda/function:Function": "waiting for Lambda Function create: unexpected state 'Failed', wanted target 'Active'",
  "aws:lambda/permission:Permission": bridged(
    "adding Lambda Permission",
    "Lambda: AddPermission",
    409,
    "ResourceConflictException: The function could not be updated due to a concurrent update operation.",
  ),
  "aws:lambda/eventSourceMapping:EventSourceMapping": bridged(
    "creating Lambda Event Source Mapping",
    "Lambda: CreateEventSourceMapping",
    429,
    "TooManyRequestsException: Rate Exceeded.",
  ),
  "aws:apigatewayv2/integration:Integration": bridged(
    "creating API Gateway v2 Integration",
    "ApiGatewayV2: CreateIntegration",
    409,
    "ConflictException: Unable to complete operation due to concurrent modification. Please try again later.",
  ),
  "aws:apigatewayv2/route:Route": bridged("creating API Gateway v2 Route", "ApiGatewayV2: CreateRoute", 500, "unknown"),
};
const gateway = ["aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage", "aws:cloudwatch/logGroup:LogGroup"];

const faultsOf = (verb: Verb, types: readonly string[]): Fault[] =>
  types.map((of) => ({ verb, of, error: said[of] ?? bridged("creating it", "ApiGatewayV2: Create", 500, "unknown") }));
const failing = (faults: Fault[]) => ({ env: { NAMI_REHEARSAL: JSON.stringify({ faults }) } });

describe("a run in which AWS fails once at everything", function () {
  this.timeout(600_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  const ofName = (name: string) => hosted(home.dir).filter(({ urn }) => urn.includes(`:${name}::`));

  /** Which of the types a run says it failed at. It says so as something that can happen, by name. */
  function failedAt({ code, err }: Result, types: readonly string[]): string[] {
    assert.equal(code, 1, err);
    assert.match(err, /error\[[A-Z_]+\]/);
    const failed = types.filter((type) => new RegExp(`\\b${type.split(":").pop()} \\S+: `).test(err));
    assert.notDeepEqual(failed, [], err);
    return failed;
  }

  /**
   * Runs a command again and again, each type of what it asks for failing once in all, until all is well. Answers at
   * what each run failed.
   */
  async function untilDone(args: string[], verb: Verb, types: readonly string[], between?: () => Promise<void>) {
    const runs: string[][] = [];
    for (let left = types; ; ) {
      const run = await nami(home.dir, args, failing(faultsOf(verb, left)));
      if (run.code === 0) return runs;
      const failed = failedAt(run, left);
      runs.push(failed);
      left = left.filter((type) => !failed.includes(type));
      await between?.();
    }
  }

  const types = Object.keys(said);

  it("up makes the shared gateway in the end", async () => {
    const runs = await untilDone(["up", "demo", "--yes"], "create", gateway);
    assert.deepEqual(runs.flat().sort(), [...gateway].sort());
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
  });

  it("down removes what each failed up has made", async () => {
    const runs = await untilDone(["up", "gone", "--yes"], "create", types, async () => {
      await ok(home.dir, ["down", "gone", "--purge", "--yes"]);
      assert.deepEqual(ofName("gone"), []);
    });
    assert.deepEqual(runs.flat().sort(), [...types].sort());
    assert.deepEqual([...new Set(ofName("gone").map(({ type }) => type))].sort(), [...types].sort());
  });

  it("and down itself, each of whose deletes fails once, is done in the end", async () => {
    const runs = await untilDone(["down", "gone", "--purge", "--yes"], "delete", types);
    assert.deepEqual(runs.flat().sort(), [...types].sort());
    assert.deepEqual(ofName("gone"), []);
  });

  it("up after up mends it", async () => {
    const runs = await untilDone(["up", "demo", "--yes"], "create", types);
    assert.deepEqual(runs.flat().sort(), [...types].sort());
    const { changes, url } = await json<{ changes: object; url: string }>(home.dir, ["up", "demo", "--yes"]);
    assert.deepEqual(changes, {});
    assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
    const stored = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length > 0,
      30,
    );
    assert.equal(stored.length, 1);
  });

  it("a change that fails is made by the next up", async () => {
    const changing = ["--pre-queue-memory", "512", "--batch-size", "5", "--retention", "2d"];
    const changed = ["aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"];
    const runs = await untilDone(["up", "demo", "--yes", ...changing], "update", [...changed, "aws:sqs/queue:Queue"]);
    assert.deepEqual(runs.flat().sort(), [...changed, "aws:sqs/queue:Queue"].sort());
    assert.deepEqual((await json<{ changes: object }>(home.dir, ["up", "demo", "--yes"])).changes, {});
  });
});
