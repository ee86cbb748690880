import assert from "node:assert/strict";
import type { Values } from "../../../../../local/provider/values";
import { resources, type TestHost, testHost } from "../../../../support/host";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:t";

describe("the host's resources of alarms and schedules", () => {
  let local: TestHost;
  beforeEach(async () => {
    local = await testHost();
  });
  afterEach(() => local.remove());

  const create = (type: string, name: string, inputs: Values, known: string[] = []) =>
    resources(local).create(type, name, inputs, known);
  const refuses = (type: string, inputs: Values, why: RegExp) =>
    assert.rejects(create(type, "refused", inputs), why);

  const alarm = {
    namespace: "N",
    metricName: "M",
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 2,
    threshold: 1,
    comparisonOperator: "GreaterThanThreshold",
  };

  it("create an alarm with the defaults of AWS, change it in place, and remove it", async () => {
    const { id, outputs } = await create(ALARM, "a", { ...alarm, name: "a" });
    assert.equal(id, "a");
    assert.deepEqual(outputs, { arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a" });
    const [made] = local.host.services.alarms.list();
    const { datapointsToAlarm, treatMissingData, actionsEnabled } = made!.spec;
    assert.deepEqual([datapointsToAlarm, treatMissingData, actionsEnabled], [2, "missing", true]);
    await refuses(ALARM, { ...alarm, name: "a" }, /CloudWatch metric alarm "a" already exists/);
    await resources(local).update(ALARM, "a", id, {
      ...alarm,
      name: "a",
      threshold: 5,
      datapointsToAlarm: 1,
    });
    const [changed] = local.host.services.alarms.list();
    assert.deepEqual([changed!.spec.threshold, changed!.spec.datapointsToAlarm], [5, 1]);
    await resources(local).remove(ALARM, "a", id);
    assert.deepEqual(local.host.status().alarms, []);
  });

  it("refuse a filter without its log group, an invalid pattern, and a second filter of the same name", async () => {
    const metricTransformation = { name: "M", namespace: "N", value: "1" };
    const filter = { name: "f", logGroupName: "/g", pattern: "ERROR", metricTransformation };
    await refuses(FILTER, filter, /ResourceNotFoundException: The specified log group does not exist/);
    await create(LOG_GROUP, "g", { name: "/g" });
    await create(LOG_GROUP, "h", { name: "/h" });
    await refuses(FILTER, { ...filter, pattern: "{ $.a" }, /InvalidParameterException/);
    await create(FILTER, "f", filter);
    await create(FILTER, "other", { ...filter, logGroupName: "/h" });
    await refuses(FILTER, filter, /has a metric filter named f already/);
  });

  it("refuse policies and subscriptions of a topic that does not exist", async () => {
    const policy = { Version: "2012-10-17", Statement: [] };
    await refuses(
      TOPIC_POLICY,
      { arn: TOPIC_ARN, policy: JSON.stringify(policy) },
      /NotFound: Topic does not exist/,
    );
    const subscription = { topic: TOPIC_ARN, protocol: "email", endpoint: "a@example.com" };
    await refuses(SUBSCRIPTION, subscription, /NotFound: Topic does not exist/);
    const { id, outputs } = await create(TOPIC, "t", { name: "t" });
    assert.equal(id, TOPIC_ARN);
    assert.equal(outputs.owner, "000000000000");
    await refuses(
      TOPIC_POLICY,
      { arn: TOPIC_ARN, policy: "{" },
      /InvalidParameter: Invalid parameter: Policy Error/,
    );
    await refuses(SUBSCRIPTION, { ...subscription, endpoint: "nobody" }, /Invalid parameter: Email address/);
    const made = await create(SUBSCRIPTION, "s", subscription);
    assert.match(made.id, new RegExp(`^${TOPIC_ARN}:[0-9a-f-]{36}$`));
    assert.equal(made.outputs.pendingConfirmation, false);
  });

  it("keep a rule that has targets, and refuse a target without its rule", async () => {
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    await refuses(
      TARGET,
      { rule: "r", arn },
      /ResourceNotFoundException: Rule r does not exist on EventBus default/,
    );
    const rule = await create(RULE, "r", { name: "r", scheduleExpression: "rate(5 minutes)" });
    assert.equal(rule.outputs.arn, "arn:aws:events:us-east-1:000000000000:rule/r");
    const target = await create(TARGET, "t", { rule: "r", arn, targetId: "one" });
    assert.deepEqual([target.id, target.outputs.targetId], ["r-one", "one"]);
    const { remove } = resources(local);
    await assert.rejects(
      remove(RULE, "r", "r"),
      /ValidationException: Rule can't be deleted since it has targets/,
    );
    await remove(TARGET, "t", target.id);
    await remove(RULE, "r", "r");
    assert.match(
      String((await create(RULE, "x", { scheduleExpression: "rate(1 day)" })).id),
      /^x-[0-9a-f]{7}$/,
    );
  });

  describe("a dashboard", () => {
    const graph = {
      type: "metric",
      width: 12,
      height: 6,
      properties: { region: "us-east-1", metrics: [["N", "M"]] },
    };
    const body = (...widgets: unknown[]) => ({
      dashboardName: "d",
      dashboardBody: JSON.stringify({ widgets }),
    });

    it("is created and updated, whatever its widgets show", async () => {
      const widgets = [graph, { type: "text", properties: { markdown: "# Orders" } }];
      const { id, outputs } = await create(DASHBOARD, "d", body(...widgets));
      assert.equal(id, "d");
      assert.equal(outputs.dashboardArn, "arn:aws:cloudwatch::000000000000:dashboard/d");
      await resources(local).update(DASHBOARD, "d", id, body(graph));
      await assert.rejects(resources(local).update(DASHBOARD, "d", id, body({})), /InvalidParameterInput/);
    });

    const refused: [string, Values, RegExp][] = [
      ["no JSON", { dashboardName: "d", dashboardBody: "{" }, /must be a valid JSON object/],
      ["no widgets", { dashboardName: "d", dashboardBody: "{}" }, /"\/widgets"/],
      ["an unknown widget", body({ ...graph, type: "pie" }), /\/widgets\/0\/type/],
      ["a widget that is none", body(graph, 1), /\/widgets\/1/],
      ["a widget that is too wide", body({ ...graph, width: 25 }), /\/widgets\/0\/width.*between 1 and 24/s],
      ["a widget without properties", body({ type: "text" }), /required property 'properties'/],
      [
        "a graph without a region",
        body({ ...graph, properties: { metrics: [] } }),
        /required property 'region'/,
      ],
      ["a graph of nothing", body({ ...graph, properties: { region: "r" } }), /'metrics' or 'annotations'/],
      [
        "a metric that is no list",
        body({ ...graph, properties: { region: "r", metrics: ["N", "M"] } }),
        /2 validation errors.*metrics\/0.*Should be array/s,
      ],
    ];
    for (const [what, inputs, why] of refused) {
      it(`is refused with ${what}`, () => refuses(DASHBOARD, inputs, why));
    }
  });
});
