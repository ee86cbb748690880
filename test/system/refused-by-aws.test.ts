import assert from "node:assert/strict";
import type { Fault } from "../../local/rehearsal";
import { bridged, ec2, provider } from "../support/aws-texts";
import { makeHome, type TestHome } from "../support/home";
import { nami } from "../support/nami";

const me = "User: arn:aws:iam::123456789012:user/me is not authorized to perform:";
const why = "because no identity-based policy allows the iam:CreateRole action";

/** What is refused, and what an `up` says of it. */
const cases: [title: string, fault: Fault, code: string, message: RegExp, hint: RegExp][] = [
  [
    "a provider without credentials",
    { verb: "configure", error: provider("No valid credential sources found.") },
    "AWS_CREDENTIALS_MISSING",
    /No valid credential sources found/,
    /^aws configure$/,
  ],
  [
    "a lookup with credentials that have expired",
    {
      verb: "invoke",
      of: "aws:index/getCallerIdentity:getCallerIdentity",
      error: bridged(
        "reading STS Caller Identity",
        "STS: GetCallerIdentity",
        403,
        "api error ExpiredToken: The security token included in the request is expired",
      ),
    },
    "AWS_CREDENTIALS_EXPIRED",
    /token included in the request is expired/,
    /aws sso login/,
  ],
  [
    "an action that no policy allows",
    {
      verb: "create",
      of: "aws:iam/role:Role",
      error: bridged(
        "creating IAM Role (nami-demo-pre-queue-1)",
        "IAM: CreateRole",
        403,
        `api error AccessDenied: ${me} iam:CreateRole on resource: arn:aws:iam::123456789012:role/nami-demo-pre-queue-1 ${why}`,
      ),
    },
    "AWS_ACTION_DENIED",
    /^Role nami-demo-\S+: \S+user\/me may not do iam:CreateRole on arn:aws:iam::123456789012:role\/nami-demo-pre-queue-1\./,
    /simulate-principal-policy --policy-source-arn \S+ --action-names iam:CreateRole/,
  ],
  [
    "an action that the organization forbids",
    {
      verb: "create",
      of: "aws:sqs/queue:Queue",
      error: bridged(
        "creating SQS Queue (q)",
        "SQS: CreateQueue",
        403,
        `AccessDenied: ${me} sqs:CreateQueue on resource: arn:aws:sqs:eu-central-1:123456789012:q with an explicit deny in a service control policy`,
      ),
    },
    "AWS_ACTION_FORBIDDEN",
    /service control policy.* forbids sqs:CreateQueue/,
    /describe-organization/,
  ],
  [
    "a machine beyond the account's quota",
    {
      verb: "create",
      of: "aws:ec2/instance:Instance",
      error: ec2(
        "creating EC2 Instance",
        "RunInstances",
        "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 1 allows for the instance bucket that the specified instance type belongs to.",
      ),
    },
    "AWS_QUOTA_REACHED",
    /^Instance nami-demo-mongo-host: The account's quota of vCPUs/,
    /--service-code ec2 --quota-code L-1216C47A/,
  ],
  [
    "calls that come too fast",
    {
      verb: "update",
      of: "aws:lambda/function:Function",
      error: bridged(
        "updating Lambda Function (f) code",
        "Lambda: UpdateFunctionCode",
        429,
        "TooManyRequestsException: Rate exceeded",
      ),
    },
    "AWS_THROTTLED",
    /^Function nami-demo-pre-queue: AWS wants fewer calls/,
    /wait a minute/,
  ],
];

describe("what AWS refuses", function () {
  this.timeout(120_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  const up = (faults: Fault[], ...flags: string[]) =>
    nami(home.dir, ["up", "demo", "--yes", "--json", ...flags], {
      env: { NAMI_REHEARSAL: JSON.stringify({ faults }) },
    });

  for (const [title, fault, code, message, hint] of cases) {
    it(`${title}: ${code}`, async () => {
      if (fault.verb === "update") assert.equal((await up([])).code, 0);
      const run = await up([fault], "--pre-queue-memory", fault.verb === "update" ? "512" : "256");
      assert.equal(run.code, 1, run.err);
      const { error } = JSON.parse(run.out) as { error: { code: string; message: string; hint: string } };
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
    });
  }
});
