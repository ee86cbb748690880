import assert from "node:assert/strict";
import { dataProgram } from "../../../infra/data-program";
import { gatewayProgram } from "../../../infra/gateway-program";
import type { Statement } from "../../../infra/policies";
import { version } from "../../../infra/version";
import { run } from "../../support/pulumi-mocks";

describe("gateway program", () => {
  const options = { project: "nami-gateway", stack: "local-us-east-1" };
  const tags = {
    "nami:name": "local-us-east-1",
    "nami:resource": "nami-gateway",
    "nami:version": version,
  };

  it("makes one HTTP API with a $default stage that logs every request", async () => {
    const graph = await run(gatewayProgram, options);
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

  it("counts failed, throttled and refused requests of each route in its log, whatever the names", async () => {
    const graph = await run(gatewayProgram, options);
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
    const silent = await run(gatewayProgram, { ...options, config });
    assert.equal(silent.all("aws:cloudwatch/logMetricFilter:LogMetricFilter").length, 0);
  });

  it("answers what a name's program needs of it", async () => {
    const { outputs } = await run(gatewayProgram, options);
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

  it("throttles every name alike, and single names otherwise", async () => {
    const config = { "nami:throttleRate": "100", "nami:throttles": "orders=200/400,invoices=5" };
    const { inputs } = (await run(gatewayProgram, { ...options, config })).one(
      "aws:apigatewayv2/stage:Stage",
    );
    assert.deepEqual(inputs.defaultRouteSettings, { throttlingRateLimit: 100, throttlingBurstLimit: 50 });
    assert.deepEqual(inputs.routeSettings, [
      { routeKey: "ANY /invoices", throttlingRateLimit: 5, throttlingBurstLimit: 3 },
      { routeKey: "ANY /orders", throttlingRateLimit: 200, throttlingBurstLimit: 400 },
    ]);
  });

  it("stands behind a domain of one's own", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/12ab";
    const config = { "nami:domain": "hooks.example.com", "nami:certificateArn": certificateArn };
    const graph = await run(gatewayProgram, { ...options, config });
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

  it("stops before the first resource when the account is not its target's", async () => {
    await assert.rejects(
      run(gatewayProgram, { ...options, accountId: "123456789012" }),
      /target local, but the credentials are those of the AWS account 123456789012/,
    );
    await assert.rejects(
      run(gatewayProgram, { ...options, config: { "nami:target": "aws" } }),
      /target aws, but the credentials are those of the local target/,
    );
  });
});

describe("data program", () => {
  const options = { project: "nami-data", stack: "orders" };

  it("makes an encrypted volume where the host's instance type is offered", async () => {
    const graph = await run(dataProgram, options);
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

  it("makes it in the zone that is wanted, where the instance type is to be had there", async () => {
    const config = { "nami:zone": "us-east-1b" };
    const { inputs } = (await run(dataProgram, { ...options, config })).one("aws:ebs/volume:Volume");
    assert.equal(inputs.availabilityZone, "us-east-1b");
    await assert.rejects(run(dataProgram, { ...options, config, zones: ["us-east-1a"] }), {
      code: "INSTANCE_TYPE_NOT_OFFERED",
      message: /not to be had in us-east-1b/,
    });
  });

  it("stops where the instance type is offered nowhere", async () => {
    await assert.rejects(
      run(dataProgram, {
        ...options,
        zones: ["us-east-1-bos-1a", "us-east-1-wl1-bos-wlz-1"],
        config: { "nami:instanceType": "x9g.none" },
      }),
      {
        code: "INSTANCE_TYPE_NOT_OFFERED",
        message: /^The instance type x9g\.none is not to be had in any zone/,
      },
    );
  });

  it("takes a snapshot of that one volume every day", async () => {
    const graph = await run(dataProgram, { ...options, config: { "nami:snapshots": "7" } });
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

  it("generates the password as a secret, a new one offered at every run", async () => {
    const [first, second] = [await run(dataProgram, options), await run(dataProgram, options)];
    const [one, other] = [first, second].map((graph) => graph.one("aws:ssm/parameter:Parameter"));
    assert.equal(one!.inputs.type, "SecureString");
    assert.match(one!.inputs.value, /^[0-9a-f]{64}$/);
    assert.notEqual(one!.inputs.value, other!.inputs.value);
    assert.deepEqual(one!.secrets, ["value"]);
  });

  it("answers volume, zone and the way to the password", async () => {
    const { outputs } = await run(dataProgram, options);
    const usual = { mongoVersion: "8.0", instanceType: "t4g.small", volumeSize: 20, snapshots: 0 };
    assert.deepEqual([outputs.options, outputs.madeBy], [usual, version]);
    assert.equal(outputs.volumeId, "nami-orders-mongo-1");
    assert.equal(outputs.availabilityZone, "us-east-1a");
    assert.equal(outputs.passwordParameter, "nami-orders-mongo-password-1");
    assert.match(outputs.passwordParameterArn, /^arn:aws:ssm:/);
    assert.match(outputs.password, /^[0-9a-f]{64}$/);
  });
});
