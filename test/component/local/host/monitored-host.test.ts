import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../../../local/paths";
import type { Values } from "../../../../local/provider/values";
import { MovableClock } from "../../../support/functions";
import { functionCode, resources, type TestHost, testHost } from "../../../support/host";

const ROLE = "aws:iam/role:Role";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const QUEUE = "aws:sqs/queue:Queue";
const API = "aws:apigatewayv2/api:Api";
const STAGE = "aws:apigatewayv2/stage:Stage";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const ROUTE = "aws:apigatewayv2/route:Route";

const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:nami-orders";

/** Fails when it is told to; otherwise embeds a metric in its log, straight to standard output. */
const CODE = `exports.handler = async (event) => {
  if (event.fail) throw new Error("told to");
  const _aws = { Timestamp: event.at, CloudWatchMetrics: [{ Namespace: "Nami", Dimensions: [["Name"]], Metrics: [{ Name: "Beats" }] }] };
  process.stdout.write(JSON.stringify({ _aws, Name: "orders", Beats: 1 }) + "\\n");
  console.log(JSON.stringify({ _aws, Name: "orders", Beats: 100 }));
  return { seen: event };
};`;

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

describe("a host that watches itself", function () {
  this.timeout(20_000);
  let clock: MovableClock;
  let local: TestHost;
  beforeEach(async () => {
    clock = new MovableClock(Date.UTC(2026, 10, 23, 4));
    local = await testHost({ clock });
  });
  afterEach(() => local.remove());

  const create = (type: string, name: string, inputs: Values) => resources(local).create(type, name, inputs);
  const services = () => local.host.services;
  const invoke = (event: object) => services().functions.invoke("watched", JSON.stringify(event));
  const statusOf = (name: string) => {
    services().alarms.evaluate();
    return local.host.status().alarms.find((alarm) => alarm.name === name)!;
  };
  const mails = () => {
    const dir = join(paths.host(local.home), "mail");
    try {
      return readdirSync(dir).map((name) => readFileSync(join(dir, name), "utf8"));
    } catch {
      return [];
    }
  };

  async function makeFunction(): Promise<void> {
    await create(ROLE, "role", { name: "role", assumeRolePolicy: trust });
    await create(ATTACHMENT, "logs", { role: "role", policyArn: BASIC });
    const code = functionCode(CODE);
    const runtime = "nodejs24.x";
    await create(FUNCTION, "watched", {
      name: "watched",
      code,
      handler: "index.handler",
      runtime,
      role: "role",
    });
  }

  /** A topic with a subscriber; only alarms of this account may publish to it. */
  async function makeTopic(): Promise<void> {
    await create(TOPIC, "topic", { name: "nami-orders", displayName: "Nami" });
    await create(SUBSCRIPTION, "mail", { topic: TOPIC_ARN, protocol: "email", endpoint: "ops@example.com" });
    await create(TOPIC_POLICY, "policy", { arn: TOPIC_ARN, policy: topicPolicy("cloudwatch.amazonaws.com") });
  }
  const topicPolicy = (Service: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service },
          Action: "sns:Publish",
          Resource: TOPIC_ARN,
          Condition: {
            StringEquals: { "aws:SourceAccount": "000000000000" },
            ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:*" },
          },
        },
      ],
    });

  const alarm = (changes: Values): Values => ({
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: "watched" },
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [TOPIC_ARN],
    ...changes,
  });

  it("mails that a function fails, until the policy of the topic no longer allows it", async () => {
    await makeFunction();
    await makeTopic();
    const described = { alarmDescription: "The function fails", tags: { "nami:name": "orders" } };
    await create(ALARM, "errors", alarm({ name: "errors", ...described }));
    assert.equal((await invoke({ fail: true })).functionError, "Unhandled");
    const { since, reason, ...status } = statusOf("errors");
    assert.deepEqual(status, {
      name: "errors",
      arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors",
      state: "ALARM",
      description: "The function fails",
      tags: { "nami:name": "orders" },
    });
    assert.equal(since, "2026-11-23T04:00:00.000Z");
    assert.match(reason, /1 out of the last 1 datapoints \[1\.0 \(23\/11\/26 04:00:00\)\]/);
    const [mail] = mails();
    assert.match(mail!, /^To: ops@example\.com$/m);
    assert.match(mail!, /^Subject: ALARM: "errors" in us-east-1$/m);

    clock.time += 300_000;
    assert.equal(statusOf("errors").state, "OK");
    const { update } = resources(local);
    const policy = topicPolicy("events.amazonaws.com");
    await update(TOPIC_POLICY, "policy", TOPIC_ARN, { arn: TOPIC_ARN, policy });
    await invoke({ fail: true });
    const refused = statusOf("errors");
    assert.equal(refused.state, "ALARM");
    assert.equal(
      refused.actionError,
      `Failed to execute action ${TOPIC_ARN}. Received error: "Resource: ${refused.arn} is not authorized to perform: SNS:Publish on resource: ${TOPIC_ARN}"`,
    );
    assert.equal(mails().length, 1);
  });

  it("comes back with alarms in their states, topics with their policies, filters, rules and targets", async () => {
    await makeFunction();
    await makeTopic();
    await create(LOG_GROUP, "access", { name: "/access" });
    const metricTransformation = { name: "Failures", namespace: "Nami", value: "1" };
    const pattern = '{ $.status = "5*" }';
    await create(FILTER, "filter", {
      name: "failures",
      logGroupName: "/access",
      pattern,
      metricTransformation,
    });
    const metric = { namespace: "Nami", metricName: "Failures", dimensions: {} };
    await create(ALARM, "failures", alarm({ name: "failures", ...metric }));
    await create(RULE, "rule", { name: "beat", scheduleExpression: "rate(1 minute)" });
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:watched";
    await create(TARGET, "target", { rule: "beat", targetId: "one", arn });
    const sourceArn = "arn:aws:events:us-east-1:000000000000:rule/beat";
    const principal = "events.amazonaws.com";
    await create(PERMISSION, "let", {
      function: "watched",
      action: "lambda:InvokeFunction",
      principal,
      sourceArn,
    });
    services().logs.write("/access", "s", '{"status":"503"}');
    const before = statusOf("failures");
    assert.equal(before.state, "ALARM");

    await local.restart();
    assert.deepEqual(local.host.status().broken, []);
    assert.deepEqual(statusOf("failures"), before);
    assert.equal(mails().length, 1);
    clock.time += 600_000;
    assert.equal(statusOf("failures").state, "OK");
    services().logs.write("/access", "s", '{"status":"500"}');
    assert.equal(statusOf("failures").state, "ALARM");
    assert.equal(mails().length, 2);
    services().schedules.run();
    const log = () => services().logs.tail("/aws/lambda/watched", 10).join("\n");
    while (!log().includes("REPORT")) await sleep(20);
  });

  it("raises the alarm for a dead letter by itself", async () => {
    await create(QUEUE, "dead", { name: "dead" });
    const metric = { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" };
    const dimensions = { QueueName: "dead" };
    await create(
      ALARM,
      "dead",
      alarm({ name: "dead", ...metric, dimensions, statistic: "Maximum", alarmActions: [] }),
    );
    clock.time += 60_000;
    assert.equal(statusOf("dead").state, "OK");
    await services().queues.send("dead", "x");
    assert.equal(statusOf("dead").state, "ALARM");
    services().queues.purge("dead");
    // It is not OK again in the same breath: that minute was not.
    assert.equal(statusOf("dead").state, "ALARM");
    clock.time += 60_000;
    assert.equal(statusOf("dead").state, "ALARM");
    clock.time += 60_000;
    assert.equal(statusOf("dead").state, "OK");
  });

  it("counts what a function writes to its log as JSON, and not what console.log writes", async () => {
    await makeFunction();
    await invoke({ at: clock.time });
    const id = { namespace: "Nami", name: "Beats", dimensions: { Name: "orders" } };
    const beats = () => services().metrics.read(id, clock.time, clock.time + 60_000);
    while (!beats()) await sleep(10);
    while (!services().logs.tail("/aws/lambda/watched", 10).join().includes('Beats":100')) await sleep(10);
    assert.deepEqual(beats(), { sum: 1, count: 1, min: 1, max: 1 });
  });

  it("counts the gateway's answers, and what a filter finds in its access log", async () => {
    await makeFunction();
    await create(LOG_GROUP, "access", { name: "/access" });
    const { id: apiId } = await create(API, "api", { name: "api", protocolType: "HTTP" });
    const destinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:/access";
    const format = '{"route":"$context.routeKey","status":"$context.status"}';
    const accessLogSettings = { destinationArn, format };
    await create(STAGE, "stage", { apiId, name: "$default", autoDeploy: true, accessLogSettings });
    const proxy = { integrationType: "AWS_PROXY", payloadFormatVersion: "2.0", integrationUri: "watched" };
    const { id } = await create(INTEGRATION, "integration", { apiId, ...proxy });
    await create(ROUTE, "route", { apiId, routeKey: "ANY /orders", target: `integrations/${id}` });
    const pattern = '{ ($.route = "ANY /orders") && ($.status = "5*") }';
    const metricTransformation = { name: "Failures", namespace: "Nami", value: "1", defaultValue: 0 };
    await create(FILTER, "filter", {
      name: "failures",
      logGroupName: "/access",
      pattern,
      metricTransformation,
    });

    const { gatewayUrl } = local.host.file;
    // Nothing lets the gateway in yet.
    assert.equal((await fetch(`${gatewayUrl}/orders`)).status, 500);
    const principal = "apigateway.amazonaws.com";
    await create(PERMISSION, "let", { function: "watched", action: "lambda:InvokeFunction", principal });
    assert.equal((await fetch(`${gatewayUrl}/orders`)).status, 200);
    assert.equal((await fetch(`${gatewayUrl}/nothing`)).status, 404);
    const read = (namespace: string, name: string, dimensions: Record<string, string>) =>
      services().metrics.read({ namespace, name, dimensions }, clock.time, clock.time + 60_000);
    const ofApi = (name: string) => read("AWS/ApiGateway", name, { ApiId: apiId });
    // The answer is out before it is counted.
    while (ofApi("Count")?.count !== 3) await sleep(5);
    assert.deepEqual(ofApi("Count"), { sum: 3, count: 3, min: 1, max: 1 });
    assert.deepEqual(ofApi("4xx"), { sum: 1, count: 3, min: 0, max: 1 });
    assert.deepEqual(ofApi("5xx"), { sum: 1, count: 3, min: 0, max: 1 });
    assert.equal(ofApi("Latency")!.count, 3);
    assert.deepEqual(read("Nami", "Failures", {}), { sum: 1, count: 3, min: 0, max: 1 });
  });

  it("counts invocations, errors and throttles of a function, with zeros where there was none", async () => {
    await makeFunction();
    await invoke({ at: 0 });
    await invoke({ fail: true });
    const read = (name: string) =>
      services().metrics.read(
        { namespace: "AWS/Lambda", name, dimensions: { FunctionName: "watched" } },
        clock.time,
        clock.time + 60_000,
      );
    assert.deepEqual(read("Invocations"), { sum: 2, count: 2, min: 1, max: 1 });
    assert.deepEqual(read("Errors"), { sum: 1, count: 2, min: 0, max: 1 });
    assert.deepEqual(read("Throttles"), { sum: 0, count: 2, min: 0, max: 0 });
    assert.equal(read("Duration")!.count, 2);
    assert.ok(read("Duration")!.min > 0);
  });
});
