import assert from "node:assert/strict";
import { dataProgram } from "../../../infra/data-program";
import type { Statement } from "../../../infra/policies";
import { version } from "../../../infra/version";
import { dataGraph, gatewayGraph } from "../../support/program-runs";
import { run } from "../../support/pulumi-mocks";

describe("gateway program", () => {
  const tags = {
    "nami:name": "local-us-east-1",
    "nami:resource": "nami-gateway",
    "nami:version": version,
  };

  it("the gateway is one HTTP API with a $default stage that logs every request", async () => {
    const graph = await gatewayGraph();
    const api = graph.one("aws:apigatewayv2/api:Api");
    assert.equal(api.inputs.protocolType, "HTTP");
    assert.deepEqual(api.inputs.tags, tags);
    const group = graph.one("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group.inputs.namePrefix, "/aws/vendedlogs/apis/nami-gateway-local-us-east-1-");
    assert.equal(group.inputs.retentionInDays, 14);
    const stage = graph.one("aws:apigatewayv2/stage:Stage").inputs;
    assert.equal(stage.apiId, "nami-gateway-1");
    assert.equal(stage.name, "$default");
    assert.equal(stage.autoDeploy, true);
    assert.match(stage.accessLogSettings.destinationArn, /nami-gateway-access/);
    assert.ok(stage.accessLogSettings.format.length < 3072, "AWS allows 3 KB");
    assert.equal(JSON.parse(stage.accessLogSettings.format).status, "$context.status");
  });

  it("the gateway's log filters count failed, throttled and refused requests of each route", async () => {
    const graph = await gatewayGraph();
    const filters = graph.all("aws:cloudwatch/logMetricFilter:LogMetricFilter").map(({ inputs }) => inputs);
    assert.deepEqual(
      filters.map(({ pattern, metricTransformation }) => [pattern, metricTransformation.name]),
      [
        ['{ $.status = "5*" }', "GatewayErrors"],
        ['{ $.status = "429" }', "GatewayThrottles"],
        ['{ $.status = "401" }', "RefusedRequests"],
      ],
    );
    const format = JSON.parse(
      graph.one("aws:apigatewayv2/stage:Stage").inputs.accessLogSettings.format,
    ) as Record<string, string>;
    for (const { logGroupName, metricTransformation } of filters) {
      assert.equal(logGroupName, "nami-gateway-access-1");
      assert.deepEqual(metricTransformation.dimensions, { Api: "$.api", Route: "$.route" });
      assert.deepEqual([format.api, format.route], ["$context.apiId", "$context.routeKey"]);
    }
    const config = { "nami:accessLog": "off" };
    const silent = await gatewayGraph({ config });
    assert.equal(silent.all("aws:cloudwatch/logMetricFilter:LogMetricFilter").length, 0);
  });

  it("the gateway exports what a name's program needs", async () => {
    const { outputs } = await gatewayGraph();
    assert.deepEqual(outputs, {
      accountId: "000000000000",
      madeBy: version,
      options: { accessLog: "14d" },
      apiId: "nami-gateway-1",
      apiEndpoint: "http://127.0.0.1:6264",
      url: "http://127.0.0.1:6264",
      domainTarget: null,
      executionArn: "arn:aws:execute-api:us-east-1:000000000000:api1",
      accessLogGroup: "nami-gateway-access-1",
    });
  });

  it("the gateway throttles every name alike, and the names in --throttles by their own limits", async () => {
    const config = { "nami:throttleRate": "100", "nami:throttles": "orders=200/400,invoices=5" };
    const { inputs } = (await gatewayGraph({ config })).one("aws:apigatewayv2/stage:Stage");
    assert.deepEqual(inputs.defaultRouteSettings, { throttlingRateLimit: 100, throttlingBurstLimit: 50 });
    assert.deepEqual(inputs.routeSettings, [
      { routeKey: "ANY /invoices", throttlingRateLimit: 5, throttlingBurstLimit: 3 },
      { routeKey: "ANY /orders", throttlingRateLimit: 200, throttlingBurstLimit: 400 },
    ]);
  });

  it("the gateway stands behind your own domain", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/12ab";
    const config = { "nami:domain": "hooks.example.com", "nami:certificateArn": certificateArn };
    const graph = await gatewayGraph({ config });
    assert.deepEqual(graph.one("aws:apigatewayv2/domainName:DomainName").inputs.domainNameConfiguration, {
      certificateArn,
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
    });
    assert.deepEqual(graph.one("aws:apigatewayv2/apiMapping:ApiMapping").inputs, {
      apiId: "nami-gateway-1",
      domainName: "nami-gateway-domain-1",
      stage: "$default",
    });
    assert.equal(graph.outputs.url, "https://hooks.example.com");
    assert.equal(graph.outputs.domainTarget, "d-1.execute-api.aws");
  });

  it("the gateway program stops before its first resource when the account is not its target's", async () => {
    await assert.rejects(
      gatewayGraph({ accountId: "123456789012" }),
      /target local, but the credentials are those of the AWS account 123456789012/,
    );
    await assert.rejects(
      gatewayGraph({ config: { "nami:target": "aws" } }),
      /target aws, but the credentials are those of the local target/,
    );
  });
});

describe("data program", () => {
  it("the data volume is encrypted and lies in the first zone that offers the instance type", async () => {
    const graph = await dataGraph();
    const { inputs } = graph.one("aws:ebs/volume:Volume");
    assert.equal(
      inputs.availabilityZone,
      "us-east-1a",
      "the first zone by name, whatever the order of the answer",
    );
    assert.equal(inputs.type, "gp3");
    assert.equal(inputs.encrypted, true);
    assert.equal(inputs.size, 20);
    assert.equal(graph.all("aws:dlm/lifecyclePolicy:LifecyclePolicy").length, 0, "no snapshots by default");
    assert.deepEqual(inputs.tags, {
      Name: "nami-orders-mongo",
      "nami:name": "orders",
      "nami:resource": "nami-orders-mongo",
      "nami:version": version,
    });
  });

  it("the data volume lies in the zone that was asked for, if that offers the instance type", async () => {
    const config = { "nami:zone": "us-east-1b" };
    const { inputs } = (await dataGraph({ config })).one("aws:ebs/volume:Volume");
    assert.equal(inputs.availabilityZone, "us-east-1b");
    await assert.rejects(dataGraph({ config, zones: ["us-east-1a"] }), {
      code: "INSTANCE_TYPE_NOT_OFFERED",
      message: /not to be had in us-east-1b/,
    });
  });

  it("the data program stops when no zone offers the instance type", async () => {
    await assert.rejects(
      dataGraph({
        zones: ["us-east-1-bos-1a", "us-east-1-wl1-bos-wlz-1"],
        config: { "nami:instanceType": "x9g.none" },
      }),
      {
        code: "INSTANCE_TYPE_NOT_OFFERED",
        message: /^The instance type x9g\.none is not to be had in any zone/,
      },
    );
  });

  it("--snapshots takes a snapshot of that one volume every day", async () => {
    const graph = await dataGraph({ config: { "nami:snapshots": "7" } });
    const { policyDetails, state } = graph.one("aws:dlm/lifecyclePolicy:LifecyclePolicy").inputs;
    assert.equal(state, "ENABLED");
    assert.deepEqual(policyDetails.targetTags, { Name: graph.one("aws:ebs/volume:Volume").inputs.tags.Name });
    const [daily] = policyDetails.schedules;
    assert.deepEqual(daily.createRule, { interval: 24, intervalUnit: "HOURS", times: "03:45" });
    assert.deepEqual(daily.retainRule, { count: 7 });
    const { policy } = graph.one("aws:iam/rolePolicy:RolePolicy").inputs;
    assert.deepEqual(
      JSON.parse(policy).Statement.map(({ Action, Resource }: Statement) => [Action, Resource]),
      [
        [
          ["ec2:CreateSnapshot"],
          ["arn:aws:ebs:us-east-1:000000000000:nami-orders-mongo-1", "arn:aws:ec2:us-east-1::snapshot/*"],
        ],
        [["ec2:DeleteSnapshot", "ec2:CreateTags"], "arn:aws:ec2:us-east-1::snapshot/*"],
        [["ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots"], "*"],
      ],
    );
  });

  it("every run generates a new password, as a secret", async () => {
    const runAnew = () => run(dataProgram, { project: "nami-data", stack: "orders" });
    const [first, second] = [await runAnew(), await runAnew()];
    const [one, other] = [first, second].map((graph) => graph.one("aws:ssm/parameter:Parameter"));
    assert.equal(one!.inputs.type, "SecureString");
    assert.match(one!.inputs.value, /^[0-9a-f]{64}$/);
    assert.notEqual(one!.inputs.value, other!.inputs.value);
    assert.deepEqual(one!.secrets, ["value"]);
  });

  it("the data program exports the volume, its zone and where the password is", async () => {
    const { outputs } = await dataGraph();
    const usual = { mongoVersion: "8.0", instanceType: "t4g.small", volumeSize: 20, snapshots: 0 };
    assert.deepEqual([outputs.options, outputs.madeBy], [usual, version]);
    assert.equal(outputs.volumeId, "nami-orders-mongo-1");
    assert.equal(outputs.availabilityZone, "us-east-1a");
    assert.equal(outputs.passwordParameter, "nami-orders-mongo-password-1");
    assert.match(outputs.passwordParameterArn, /^arn:aws:ssm:/);
    assert.match(outputs.password, /^[0-9a-f]{64}$/);
  });
});
