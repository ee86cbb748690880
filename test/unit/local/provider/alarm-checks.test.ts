import assert from "node:assert/strict";
import { check } from "../../../../local/provider/check";
import { diff } from "../../../../local/provider/diff";
import { typeTable } from "../../../../local/provider/types";
import { UNKNOWN, type Values } from "../../../../local/provider/values";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const SNAPSHOTS = "aws:dlm/lifecyclePolicy:LifecyclePolicy";

const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:t";

const counted = { name: "M", namespace: "N", value: "1" };

const right: Record<string, Values> = {
  [ALARM]: {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "dead" },
    statistic: "Maximum",
    period: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [TOPIC_ARN],
  },
  [FILTER]: {
    logGroupName: "/g",
    pattern: '{ $.status = "5*" }',
    metricTransformation: { ...counted, defaultValue: "0", unit: "Count" },
  },
  [DASHBOARD]: { dashboardName: "nami-orders", dashboardBody: '{"widgets":[]}' },
  [RULE]: { scheduleExpression: "rate(1 minute)" },
  [TARGET]: { rule: "r", arn: "arn:aws:lambda:us-east-1:000000000000:function:f", input: '{"a":1}' },
  [TOPIC]: { displayName: "Nami" },
  [POLICY]: { arn: TOPIC_ARN, policy: { Statement: [] } },
  [SUBSCRIPTION]: { topic: TOPIC_ARN, protocol: "email", endpoint: "a@example.com" },
  [SNAPSHOTS]: {
    description: "Snapshots of orders",
    executionRoleArn: "arn:aws:iam::000000000000:role/dlm",
    policyDetails: {
      resourceTypes: ["VOLUME"],
      targetTags: { "nami:name": "orders" },
      schedules: [{ name: "daily", createRule: { interval: 24 }, retainRule: { count: 7 } }],
    },
  },
};

function run(type: string, changes: Values = {}) {
  const news = { ...right[type], ...changes };
  return check(typeTable(type), {
    name: "x",
    olds: {},
    news,
    randomSeed: new Uint8Array([1]),
    region: "us-east-1",
  });
}

const short = (type: string) => type.split(":")[2]!;
const schedule = (changes: Values) => ({
  policyDetails: {
    ...(right[SNAPSHOTS]!.policyDetails as Values),
    schedules: [{ name: "daily", createRule: { interval: 24 }, retainRule: { count: 7 }, ...changes }],
  },
});

describe("the checks of alarms, topics and schedules", () => {
  for (const type of Object.keys(right)) {
    it(`accept a valid ${short(type)}, also before its inputs are known`, () => {
      assert.deepEqual(run(type).failures, []);
      const unknown = Object.fromEntries(Object.keys(right[type]!).map((name) => [name, UNKNOWN]));
      assert.deepEqual(run(type, unknown).failures, []);
    });
  }

  const refused: [type: string, changes: Values, property: string, reason: RegExp][] = [
    // What AWS has and this machine has not is refused, rather than taken and not done.
    [ALARM, { metricQueries: [] }, "metricQueries", /is not an input/],
    [ALARM, { extendedStatistic: "p99" }, "extendedStatistic", /is not an input/],
    [ALARM, { thresholdMetricId: "e1" }, "thresholdMetricId", /is not an input/],
    [ALARM, { unit: "Count" }, "unit", /is not an input/],
    [ALARM, { comparisonOperator: "GreaterThanUpperThreshold" }, "comparisonOperator", /can do .* only/],
    [ALARM, { statistic: "p99" }, "statistic", /can do .* only/],
    [ALARM, { treatMissingData: "maybe" }, "treatMissingData", /can do .* only/],
    [ALARM, { period: 90 }, "period", /by the minute/],
    [ALARM, { period: 30 }, "period", /AWS allows 60/],
    [ALARM, { period: 3600, evaluationPeriods: 2 }, "evaluationPeriods", /keeps 10800 s/],
    [ALARM, { datapointsToAlarm: 4 }, "datapointsToAlarm", /up to evaluationPeriods \(3\)/],
    [ALARM, { alarmActions: ["arn:aws:automate:us-east-1:ec2:recover"] }, "alarmActions", /SNS topics only/],
    [ALARM, { okActions: [TOPIC_ARN, "arn:aws:lambda:x"] }, "okActions", /SNS topics only/],
    [DASHBOARD, { dashboardName: "nami orders" }, "dashboardName", /letters, digits/],
    [RULE, { scheduleExpression: "cron(0 20 * * ? *)" }, "scheduleExpression", /rate\(1 minute\)/],
    [RULE, { scheduleExpression: "rate(1 minutes)" }, "scheduleExpression", /only/],
    [RULE, { scheduleExpression: "rate(5 minute)" }, "scheduleExpression", /only/],
    [RULE, { scheduleExpression: "rate(0 minutes)" }, "scheduleExpression", /only/],
    [RULE, { scheduleExpression: "rate(30 seconds)" }, "scheduleExpression", /only/],
    [RULE, { eventPattern: "{}" }, "eventPattern", /is not an input/],
    [RULE, { eventBusName: "other" }, "eventBusName", /only/],
    [TARGET, { arn: "arn:aws:sqs:us-east-1:000000000000:q" }, "arn", /functions only/],
    [TARGET, { input: "{" }, "input", /not JSON/],
    [TARGET, { retryPolicy: {} }, "retryPolicy", /is not an input/],
    [
      FILTER,
      { metricTransformation: { ...counted, defaultValue: "0", dimensions: { A: "$.a" } } },
      "metricTransformation.dimensions",
      /is set, and so is defaultValue/,
    ],
    [
      FILTER,
      { metricTransformation: { ...counted, dimensions: { A: "$.a", B: "$.b", C: "$.c", D: "$.d" } } },
      "metricTransformation.dimensions",
      /has 4; AWS allows up to 3/,
    ],
    [TOPIC, { fifoTopic: true }, "fifoTopic", /only/],
    [TOPIC, { kmsMasterKeyId: "alias/aws/sns" }, "kmsMasterKeyId", /is not an input/],
    [SUBSCRIPTION, { protocol: "sms" }, "protocol", /"email" only/],
    [SUBSCRIPTION, { filterPolicy: "{}" }, "filterPolicy", /is not an input/],
    [SNAPSHOTS, { description: "Snapshots (daily)" }, "description", /letters, digits/],
    [SNAPSHOTS, { defaultPolicy: "VOLUME" }, "defaultPolicy", /is not an input/],
    [
      SNAPSHOTS,
      schedule({ createRule: { interval: 5 } }),
      "policyDetails.schedules[0].createRule.interval",
      /only/,
    ],
    [
      SNAPSHOTS,
      schedule({ createRule: {} }),
      "policyDetails",
      /createRule\.interval or createRule\.cronExpression/,
    ],
    [SNAPSHOTS, schedule({ createRule: { interval: 24, times: "24:00" } }), "policyDetails", /hh:mm/],
    [SNAPSHOTS, schedule({ retainRule: {} }), "policyDetails", /retainRule\.count or retainRule\.interval/],
    [
      SNAPSHOTS,
      { policyDetails: { ...(right[SNAPSHOTS]!.policyDetails as Values), resourceTypes: ["INSTANCE"] } },
      "policyDetails",
      /VOLUME only/,
    ],
  ];
  for (const [type, changes, property, reason] of refused) {
    it(`refuse a ${short(type)} with ${JSON.stringify(changes).slice(0, 250)}`, () => {
      const { failures } = run(type, changes);
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]!.reason, reason);
    });
  }

  const rates = [
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "rate(12 hours)",
    "rate(1 day)",
    "rate(10 days)",
  ];
  for (const scheduleExpression of rates) {
    it(`accept the expression ${scheduleExpression}`, () =>
      assert.deepEqual(run(RULE, { scheduleExpression }).failures, []));
  }

  /** ForceNew in terraform-provider-aws 6. */
  const changes: [type: string, changes: Values, replaces: string[]][] = [
    [ALARM, { name: "b", threshold: 2, period: 120, alarmActions: [], dimensions: {} }, ["name"]],
    [FILTER, { name: "b", logGroupName: "/h", pattern: "" }, ["logGroupName", "name"]],
    [DASHBOARD, { dashboardName: "b", dashboardBody: '{"widgets":[1]}' }, ["dashboardName"]],
    [RULE, { name: "b", scheduleExpression: "rate(1 day)", state: "DISABLED", description: "d" }, ["name"]],
    [TARGET, { rule: "s", targetId: "t", arn: "arn:aws:lambda:x", input: "1" }, ["rule", "targetId"]],
    [TOPIC, { name: "b", displayName: "Other" }, ["name"]],
    [POLICY, { arn: `${TOPIC_ARN}2`, policy: { Statement: [1] } }, ["arn"]],
    [SUBSCRIPTION, { topic: `${TOPIC_ARN}2`, endpoint: "b@example.com" }, ["endpoint", "topic"]],
    [
      SNAPSHOTS,
      { description: "d", state: "DISABLED", executionRoleArn: "r", ...schedule({ copyTags: true }) },
      ["policyDetails"],
    ],
  ];
  for (const [type, change, replaces] of changes) {
    it(`replace a ${short(type)} where AWS would, and change it in place elsewhere`, () => {
      const before = run(type).inputs;
      const found = diff(typeTable(type), before, { ...before, ...change }).changes;
      const replaced = found.filter((one) => one.replaces).map(({ property }) => property);
      assert.deepEqual([...new Set(replaced)], replaces);
      assert.deepEqual(
        [...new Set(found.map(({ property }) => property))].sort(),
        Object.keys(change).sort(),
      );
    });
  }

  it("see no change in a policy or a dashboard that is only formatted differently", () => {
    const policy = '{ "Statement": [ { "b": 1, "a": 2 } ] }';
    const before = run(POLICY, { policy }).inputs;
    assert.deepEqual(
      diff(typeTable(POLICY), before, run(POLICY, { policy: { Statement: [{ a: 2, b: 1 }] } }).inputs)
        .changes,
      [],
    );
    const dashboardBody = '{ "widgets": [] }';
    assert.deepEqual(
      diff(typeTable(DASHBOARD), run(DASHBOARD).inputs, run(DASHBOARD, { dashboardBody }).inputs).changes,
      [],
    );
  });
});
