import assert from "node:assert/strict";
import { metricLine } from "../../../runtime/metric-line";
import { metricsOf } from "../../../runtime/watchdog";
import { gatewayGraph, pipelineGraph } from "../../support/program-runs";
import { type Graph, gatewayStack, sharedStacks } from "../../support/pulumi-mocks";

/** Where nobody is refused, no alarm tells of it. */
const VERIFIED = { "nami:verify": "asana" };

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("alarms", () => {
  let graph: Graph;
  before(async () => {
    graph = await pipelineGraph({ config: VERIFIED });
  });

  const topic = "arn:aws:sns:us-east-1:000000000000:nami-orders-alarms-1";
  const rows: [
    suffix: string,
    metric: string,
    dimensions: object | undefined,
    above: number,
    seconds: number,
  ][] = [
    [
      "dead-letters",
      "AWS/SQS ApproximateNumberOfMessagesVisible",
      { QueueName: "nami-orders-dead-letters-1" },
      0,
      60,
    ],
    ["oldest-event", "AWS/SQS ApproximateAgeOfOldestMessage", { QueueName: "nami-orders-queue-1" }, 900, 60],
    ["pre-queue-errors", "AWS/Lambda Errors", { FunctionName: "nami-orders-pre-queue-1" }, 0, 300],
    ["post-queue-errors", "AWS/Lambda Errors", { FunctionName: "nami-orders-post-queue-1" }, 0, 300],
    ["operator-errors", "AWS/Lambda Errors", { FunctionName: "nami-orders-operator-1" }, 0, 300],
    ["watchdog-errors", "AWS/Lambda Errors", { FunctionName: "nami-orders-watchdog-1" }, 2, 300],
    ["gateway-errors", "Nami GatewayErrors", { Api: "api1", Route: "ANY /orders" }, 0, 300],
    ["gateway-throttles", "Nami GatewayThrottles", { Api: "api1", Route: "ANY /orders" }, 0, 300],
    ["refusals", "Nami RefusedRequests", { Api: "api1", Route: "ANY /orders" }, 20, 300],
    ["paused", "Nami/orders DeliveryPaused", undefined, 0, 300],
    ["disk", "Nami/orders MongoDiskUsed", undefined, 85, 300],
  ];

  it("a verified deployment has eleven alarms", () => {
    assert.deepEqual(
      graph
        .all(ALARM)
        .map(({ name }) => name)
        .sort(),
      rows.map(([suffix]) => `nami-orders-${suffix}`).sort(),
    );
  });

  for (const [suffix, metric, dimensions, above, seconds] of rows)
    it(`the alarm ${suffix} fires for ${metric} above ${above} for ${seconds} s`, () => {
      const { inputs } = graph.all(ALARM).find(({ name }) => name === `nami-orders-${suffix}`)!;
      assert.equal(`${inputs.namespace} ${inputs.metricName}`, metric);
      assert.deepEqual(inputs.dimensions, dimensions);
      assert.equal(inputs.comparisonOperator, "GreaterThanThreshold");
      assert.equal(inputs.threshold, above);
      assert.equal(inputs.period * inputs.evaluationPeriods, seconds);
      // Of the watchdog's own minutes, none is missing as long as it lives.
      const steady = suffix === "paused";
      assert.equal(inputs.treatMissingData, steady ? "missing" : "notBreaching");
      assert.deepEqual(inputs.insufficientDataActions, steady ? [topic] : undefined);
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [[topic], [topic]]);
      assert.match(inputs.alarmDescription, /orders.*nami \w+/s);
    });

  it("every alarm on a metric of Nami watches one that the gateway or the watchdog writes", async () => {
    const gateway = await gatewayGraph();
    const filters = gateway.all("aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => inputs);
    const health = { answers: true, diskUsedPercent: 1 };
    const report = { health, state: "Enabled", pause: { by: null }, did: "nothing" } as const;
    const line = JSON.parse(metricLine("Nami/orders", metricsOf(report), 0))._aws.CloudWatchMetrics[0];
    const written = [
      ...filters.map(({ metricTransformation: made }) => `${made.namespace} ${made.name}`),
      ...line.Metrics.map(({ Name }: { Name: string }) => `${line.Namespace} ${Name}`),
    ];
    const own = rows.map(([, metric]) => metric).filter((metric) => metric.startsWith("Nami"));
    assert.deepEqual(
      own.filter((metric) => !written.includes(metric)),
      [],
    );
  });

  it("the three alarms on the gateway are left out when it writes no access log", async () => {
    const stacks = {
      ...sharedStacks,
      "nami-gateway/local-us-east-1": { ...gatewayStack, accessLogGroup: "" },
    };
    const silent = await pipelineGraph({ stacks, config: VERIFIED });
    assert.equal(silent.all(ALARM).length, rows.length - 3);
  });

  it("the address of --alarm-email subscribes to the alarms", async () => {
    const config = { "nami:alarmEmail": "ops@example.com" };
    const { inputs } = (await pipelineGraph({ config })).one("aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(inputs, { topic, protocol: "email", endpoint: "ops@example.com" });
  });

  it("the dashboard shows every alarm and each part that an event passes", () => {
    const { inputs } = graph.one("aws:cloudwatch/dashboard:Dashboard");
    assert.equal(inputs.dashboardName, "nami-orders-1");
    const { widgets } = JSON.parse(inputs.dashboardBody);
    assert.equal(widgets.at(-1).properties.alarms.length, rows.length);
    const text = JSON.stringify(widgets);
    for (const part of [
      "nami-orders-queue-1",
      "nami-orders-dead-letters-1",
      "nami-orders-watchdog-1",
      "GatewayErrors",
    ])
      assert.ok(text.includes(part), part);
    for (const { x, width } of widgets) assert.ok(x + width <= 24);
  });
});

describe("the watchdog", () => {
  it("only its rule invokes the watchdog, once a minute", async () => {
    const graph = await pipelineGraph();
    const rule = graph.one("aws:cloudwatch/eventRule:EventRule");
    assert.equal(rule.inputs.scheduleExpression, "rate(1 minute)");
    assert.deepEqual(graph.one("aws:cloudwatch/eventTarget:EventTarget").inputs, {
      rule: "nami-orders-watchdog-1",
      arn: "arn:aws:lambda:us-east-1:000000000000:nami-orders-watchdog-1",
    });
    assert.deepEqual(graph.one("aws:lambda/permission:Permission", "-watchdog").inputs, {
      action: "lambda:InvokeFunction",
      function: "nami-orders-watchdog-1",
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:cloudwatch:us-east-1:000000000000:nami-orders-watchdog-1",
    });
  });

  it("the pause parameter starts with the watchdog's pause, because the mapping starts disabled", async () => {
    const graph = await pipelineGraph();
    const { inputs } = graph.one("aws:ssm/parameter:Parameter", "-pause");
    assert.equal(inputs.type, "String");
    assert.equal(JSON.parse(inputs.value).by, "watchdog");
  });
});
