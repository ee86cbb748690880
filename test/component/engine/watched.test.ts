import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { adminCredentials, hostStatus, startHost, stopHost } from "../../../local/host/client";
import { startProvider } from "../../../local/provider/provider";
import { inlineStack } from "../../support/engine";

function policy(...statements: object[]): pulumi.Output<string> {
  const allowed = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: allowed });
}

/** Alarms on what is measured, whom they tell, what runs by the clock and what is kept of a volume: of every kind one. */
async function program(): Promise<Record<string, unknown>> {
  const topic = new aws.sns.Topic("topic", { displayName: "Nami" });
  const { accountId } = await aws.getCallerIdentity({});
  new aws.sns.TopicPolicy("topic-policy", {
    arn: topic.arn,
    policy: policy({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topic.arn,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    }),
  });
  new aws.sns.TopicSubscription("mail", { topic: topic.arn, protocol: "email", endpoint: "ops@example.com" });

  const queue = new aws.sqs.Queue("dead-letters", {});
  const alarm = new aws.cloudwatch.MetricAlarm("dead-letters-alarm", {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.name },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags: { "nami:name": "demo" },
  });
  const logGroup = new aws.cloudwatch.LogGroup("logs", { retentionInDays: 14 });
  new aws.cloudwatch.LogMetricFilter("filter", {
    logGroupName: logGroup.name,
    pattern: '{ ($.route = "ANY /demo") && ($.status = "5*") }',
    metricTransformation: { name: "Failures", namespace: "Nami", value: "1", defaultValue: "0" },
  });
  const metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.name]];
  new aws.cloudwatch.Dashboard("dashboard", {
    dashboardName: "nami-demo",
    dashboardBody: pulumi.jsonStringify({
      widgets: [{ type: "metric", width: 12, height: 6, properties: { region: "us-east-1", metrics } }],
    }),
  });
  schedule(logGroup);
  snapshots();
  return { queueUrl: queue.url, alarm: alarm.arn };
}

function schedule(logGroup: aws.cloudwatch.LogGroup): void {
  const role = new aws.iam.Role("watchdog-role", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  });
  const watchdog = new aws.lambda.CallbackFunction("watchdog", {
    role,
    runtime: "nodejs24.x",
    loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
    codePathOptions: { extraExcludePackages: Object.keys(require("../../../package.json").dependencies) },
    callbackFactory: () => async () => ({}),
  });
  const rule = new aws.cloudwatch.EventRule("every-minute", { scheduleExpression: "rate(1 minute)" });
  new aws.cloudwatch.EventTarget("target", { rule: rule.name, arn: watchdog.arn });
  new aws.lambda.Permission("permission", {
    action: "lambda:InvokeFunction",
    function: watchdog.name,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
}

function snapshots(): void {
  const tags = { "nami:name": "demo" };
  const volume = new aws.ebs.Volume("data", { availabilityZone: "us-east-1a", size: 20, tags });
  const role = new aws.iam.Role("snapshots-role", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "dlm.amazonaws.com" }),
  });
  const made = "arn:aws:ec2:us-east-1::snapshot/*";
  new aws.iam.RolePolicy("snapshots-policy", {
    role: role.name,
    policy: policy(
      { Action: ["ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots"], Resource: "*" },
      { Action: "ec2:CreateSnapshot", Resource: [volume.arn, made] },
      { Action: ["ec2:DeleteSnapshot", "ec2:CreateTags"], Resource: made },
    ),
  });
  new aws.dlm.LifecyclePolicy("snapshots", {
    description: "Daily snapshots of demo",
    executionRoleArn: role.arn,
    policyDetails: {
      resourceTypes: ["VOLUME"],
      targetTags: tags,
      schedules: [
        {
          name: "daily",
          createRule: { interval: 24, times: "03:00" },
          retainRule: { count: 7 },
          copyTags: true,
        },
      ],
    },
  });
}

describe("alarms, schedules and snapshots, on the real engine and the real host", function () {
  this.timeout(120_000);
  const home = mkdtempSync(join(tmpdir(), "nami-watched-"));
  let provider: { port: number; close(): Promise<void> };
  let stack: Stack;
  let queueUrl: string;

  before(async () => {
    provider = await startProvider({ home });
    stack = await inlineStack({ home, providerPort: provider.port }, program);
    await startHost(home, { listen: "127.0.0.1:0" });
  });
  after(async () => {
    await stopHost(home);
    await provider?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const alarm = async () => (await hostStatus(home)).alarms[0]!;
  const whenIn = async (state: string) => {
    while ((await alarm()).state !== state) await sleep(200);
  };
  const mails = () => {
    const dir = join(home, "host", "mail");
    return readdirSync(dir).map((name) => readFileSync(join(dir, name), "utf8"));
  };

  it("are deployed", async () => {
    const { outputs } = await stack.up();
    queueUrl = outputs.queueUrl!.value as string;
    const { alarms, lifecyclePolicies } = await hostStatus(home);
    assert.deepEqual(
      alarms.map(({ arn, tags }) => ({ arn, tags })),
      [{ arn: outputs.alarm!.value, tags: { "nami:name": "demo" } }],
    );
    assert.deepEqual(
      lifecyclePolicies.map(({ state, reason }) => ({ state, reason })),
      [{ state: "ENABLED", reason: undefined }],
    );
  });

  it("change nothing the second time", async () => {
    const { summary } = await stack.up();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  });

  it("tell of a dead letter within seconds", async () => {
    const { awsUrl } = await hostStatus(home);
    const credentials = adminCredentials(home);
    const client = new SQSClient({ endpoint: awsUrl, region: "us-east-1", credentials });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "x" }));
    client.destroy();
    await whenIn("ALARM");
    assert.equal((await alarm()).actionError, undefined);
    assert.equal(mails().filter((mail) => mail.includes("Subject: ALARM:")).length, 1);
  });

  it("are as they were after a restart of the host", async () => {
    const before = await alarm();
    await stopHost(home);
    assert.deepEqual((await startHost(home, {})).broken, []);
    assert.deepEqual(await alarm(), before);
    const { summary } = await stack.refresh();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  });

  it("are destroyed", async () => {
    await stack.destroy();
    const { alarms, lifecyclePolicies } = await hostStatus(home);
    assert.deepEqual([alarms, lifecyclePolicies], [[], []]);
    assert.equal(readFileSync(join(home, "host", "host.log"), "utf8").includes("Error"), false);
  });
});
