import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sign } from "aws4";
import { type AwsEndpoint, createAwsEndpoint } from "../../../../../local/host/aws-endpoint";
import { createIam, type LocalIam } from "../../../../../local/host/iam/iam";
import { createMetrics } from "../../../../../local/host/metrics";
import { createMonitoringHandler, monitoringError } from "../../../../../local/host/monitoring";
import type { AlarmStatus, Alarms, Credentials, Metrics } from "../../../../../local/host/services";
import { alarmSpec, TOPIC_ARN } from "../../../../support/alarms";
import { realClock } from "../../../../support/functions";

const SINCE = Date.UTC(2026, 10, 23, 4);

const status = (name: string, changes: Partial<AlarmStatus> = {}): AlarmStatus => ({
  spec: alarmSpec({ name, description: "An alarm" }),
  state: "OK",
  reason: "All is well",
  since: SINCE,
  configuredAt: SINCE - 1500,
  ...changes,
});

describe("CloudWatch's endpoint", () => {
  let dir: string;
  let iam: LocalIam;
  let endpoint: AwsEndpoint;
  let url: string;
  let metrics: Metrics;
  let list: AlarmStatus[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "nami-monitoring-"));
    iam = createIam({ dir, clock: realClock });
    metrics = createMetrics(realClock);
    list = [status("orders-dead"), status("orders-errors", { state: "ALARM" }), status("shop-dead")];
    endpoint = createAwsEndpoint({ iam, onError: (error) => assert.fail(String(error)) });
    const alarms = { list: () => list } as Alarms;
    endpoint.handle("monitoring", createMonitoringHandler({ alarms, metrics, iam }), monitoringError);
    url = await endpoint.listen(0);
  });
  afterEach(async () => {
    await endpoint.close();
    rmSync(dir, { recursive: true });
  });

  /** As AWS's client for JavaScript 3 sends it. */
  async function ask(action: string, request: unknown, credentials: Credentials = iam.administrator) {
    const body = typeof request === "string" ? request : JSON.stringify(request);
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `GraniteServiceVersion20100801.${action}`,
      "x-amzn-query-mode": "true",
    };
    const { host } = new URL(url);
    const signed = sign(
      { service: "monitoring", region: "us-east-1", host, path: "/", method: "POST", body, headers },
      credentials,
    );
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: signed.headers as Record<string, string>,
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, queryError: response.headers.get("x-amzn-query-error"), answer };
  }
  const names = async (request: object) => {
    const { answer } = await ask("DescribeAlarms", request);
    return (answer.MetricAlarms as { AlarmName: string }[]).map(({ AlarmName }) => AlarmName);
  };

  it("describes an alarm as AWS does, with times in seconds", async () => {
    const { status, answer } = await ask("DescribeAlarms", { AlarmNames: ["orders-dead"] });
    assert.equal(status, 200);
    assert.deepEqual(answer, {
      MetricAlarms: [
        {
          AlarmName: "orders-dead",
          AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:orders-dead",
          AlarmDescription: "An alarm",
          AlarmConfigurationUpdatedTimestamp: SINCE / 1000 - 1.5,
          ActionsEnabled: true,
          OKActions: [],
          AlarmActions: [TOPIC_ARN],
          InsufficientDataActions: [],
          StateValue: "OK",
          StateReason: "All is well",
          StateUpdatedTimestamp: SINCE / 1000,
          StateTransitionedTimestamp: SINCE / 1000,
          MetricName: "Errors",
          Namespace: "Test",
          Statistic: "Sum",
          Dimensions: [{ Name: "Name", Value: "orders" }],
          Period: 60,
          EvaluationPeriods: 1,
          DatapointsToAlarm: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanOrEqualToThreshold",
          TreatMissingData: "missing",
        },
      ],
      CompositeAlarms: [],
    });
  });

  it("finds alarms by their names, their prefix and their state", async () => {
    assert.deepEqual(await names({}), ["orders-dead", "orders-errors", "shop-dead"]);
    assert.deepEqual(await names({ AlarmNames: ["shop-dead", "none"] }), ["shop-dead"]);
    assert.deepEqual(await names({ AlarmNamePrefix: "orders-" }), ["orders-dead", "orders-errors"]);
    assert.deepEqual(await names({ AlarmNamePrefix: "orders-", StateValue: "ALARM" }), ["orders-errors"]);
  });

  it("returns alarms page by page", async () => {
    const { answer: first } = await ask("DescribeAlarms", { MaxRecords: 2 });
    const { NextToken } = first;
    assert.equal(typeof NextToken, "string");
    const { answer: second } = await ask("DescribeAlarms", { MaxRecords: 2, NextToken });
    assert.equal(second.NextToken, undefined);
    assert.deepEqual(await names({ MaxRecords: 2, NextToken }), ["shop-dead"]);
  });

  it("reads a metric back, period by period", async () => {
    // Half past the hour before: all of it lies in one hour, whatever time it is.
    const minute = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 30 * 60_000;
    const metric = metrics.metric({ namespace: "Nami", name: "Beats", dimensions: { Name: "orders" } });
    for (const [value, at] of [
      [1, 0],
      [3, 30_000],
      [8, 60_000],
      [9, 240_000],
    ] as const) {
      metric.add(value, minute + at);
    }
    const request = {
      Namespace: "Nami",
      MetricName: "Beats",
      Dimensions: [{ Name: "Name", Value: "orders" }],
      StartTime: minute / 1000 + 0.5,
      EndTime: (minute + 180_000) / 1000,
      Period: 60,
      Statistics: ["Sum", "Average", "Maximum", "Minimum", "SampleCount"],
    };
    const { answer } = await ask("GetMetricStatistics", request);
    const eight = { Sum: 8, Average: 8, Maximum: 8, Minimum: 8, SampleCount: 1, Unit: "None" };
    assert.deepEqual(answer, {
      Label: "Beats",
      Datapoints: [
        {
          Timestamp: minute / 1000,
          Sum: 4,
          Average: 2,
          Maximum: 3,
          Minimum: 1,
          SampleCount: 2,
          Unit: "None",
        },
        { Timestamp: minute / 1000 + 60, ...eight },
      ],
    });
    const { answer: longer } = await ask("GetMetricStatistics", {
      ...request,
      Period: 3600,
      Statistics: ["Sum"],
    });
    const sums = (longer.Datapoints as { Sum: number }[]).map(({ Sum }) => Sum);
    assert.equal(
      sums.reduce((a, b) => a + b),
      21,
    );
    const { answer: other } = await ask("GetMetricStatistics", { ...request, Dimensions: [] });
    assert.deepEqual(other.Datapoints, []);
  });

  it("lets a role do what its policy allows, and nothing else", async () => {
    const principal = {
      Effect: "Allow" as const,
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    };
    iam.putRole("watcher", { Statement: [principal] });
    const Resource = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:*";
    iam.putRolePolicy("watcher", "p", {
      Statement: [{ Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource }],
    });
    const credentials = iam.credentialsFor("watcher", "lambda.amazonaws.com");
    assert.equal((await ask("DescribeAlarms", {}, credentials)).status, 200);
    const { status, queryError, answer } = await ask("GetMetricStatistics", {}, credentials);
    assert.deepEqual([status, queryError], [403, "AccessDenied;Sender"]);
    assert.equal(answer.__type, "com.amazon.coral.service#AccessDeniedException");
    assert.match(
      String(answer.message),
      /is not authorized to perform: cloudwatch:GetMetricStatistics on resource: \*/,
    );
  });

  const statistics = {
    Namespace: "N",
    MetricName: "M",
    StartTime: 0,
    EndTime: 60,
    Period: 60,
    Statistics: ["Sum"],
  };
  const refused: [action: string, request: unknown, code: string][] = [
    ["DescribeAlarms", { AlarmNames: ["a"], AlarmNamePrefix: "a" }, "InvalidParameterCombination"],
    ["DescribeAlarms", { MaxRecords: 101 }, "InvalidParameterValue"],
    ["DescribeAlarms", { MaxRecords: 0 }, "InvalidParameterValue"],
    ["DescribeAlarms", { NextToken: "x" }, "InvalidNextToken"],
    ["DescribeAlarms", "{", "SerializationException"],
    ["GetMetricStatistics", { ...statistics, Namespace: undefined }, "MissingParameter"],
    ["GetMetricStatistics", { ...statistics, EndTime: undefined }, "MissingParameter"],
    ["GetMetricStatistics", { ...statistics, Period: 30 }, "InvalidParameterValue"],
    ["GetMetricStatistics", { ...statistics, EndTime: 0 }, "InvalidParameterValue"],
    ["GetMetricStatistics", { ...statistics, Statistics: [] }, "InvalidParameterValue"],
    ["GetMetricStatistics", { ...statistics, Statistics: ["p99"] }, "InvalidParameterValue"],
    ["GetMetricStatistics", { ...statistics, EndTime: 60 * 1441 }, "InvalidParameterValue"],
    ["PutMetricData", {}, "InvalidAction"],
  ];
  for (const [action, request, code] of refused) {
    it(`refuses ${action} ${JSON.stringify(request)} with ${code}`, async () => {
      const { status, queryError } = await ask(action, request);
      assert.deepEqual([status, queryError], [400, `${code};Sender`]);
    });
  }
});
