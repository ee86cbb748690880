import assert from "node:assert/strict";
import { version } from "../../../infra/version";
import { pipelineGraph } from "../../support/program-runs";
import { dataStack, type Graph, gatewayStack, sharedStacks } from "../../support/pulumi-mocks";

const FUNCTION = "aws:lambda/function:Function";

describe("the program with default options", () => {
  let graph: Graph;
  before(async () => {
    graph = await pipelineGraph();
  });

  it("the program asks first whose account it runs in", () => {
    assert.equal(graph.invokes[0]!.token, "aws:index/getCallerIdentity:getCallerIdentity");
  });

  it("the queue hides a message six times as long as a batch may take", () => {
    const { inputs } = graph.one("aws:sqs/queue:Queue", "-queue");
    assert.equal(inputs.visibilityTimeoutSeconds, 180);
    assert.equal(inputs.messageRetentionSeconds, 345_600);
    assert.equal(inputs.maxMessageSize, 1_048_576);
    assert.equal(inputs.sqsManagedSseEnabled, true);
    assert.deepEqual(JSON.parse(inputs.redrivePolicy), {
      deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:nami-orders-dead-letters-1",
      maxReceiveCount: 5,
    });
  });

  it("the dead-letter queue takes messages from that queue alone", () => {
    const { inputs } = graph.one("aws:sqs/queue:Queue", "-dead-letters");
    assert.equal(inputs.messageRetentionSeconds, 1_209_600);
    assert.equal(inputs.maxMessageSize, 1_048_576);
    assert.equal(inputs.sqsManagedSseEnabled, true);
    assert.equal(inputs.redrivePolicy, undefined);
    const allow = graph.one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy").inputs;
    assert.match(allow.queueUrl, /nami-orders-dead-letters-1$/);
    assert.deepEqual(JSON.parse(allow.redriveAllowPolicy), {
      redrivePermission: "byQueue",
      sourceQueueArns: ["arn:aws:sqs:us-east-1:000000000000:nami-orders-queue-1"],
    });
  });

  const functions = [
    {
      suffix: "-pre-queue",
      memorySize: 256,
      timeout: 10,
      inVpc: false,
      variables: ["NAMI_PROBE_KEY", "NAMI_QUEUE_URL"],
    },
    { suffix: "-post-queue", memorySize: 512, timeout: 30, inVpc: true, variables: ["NAMI_MONGO_URI"] },
    { suffix: "-operator", memorySize: 512, timeout: 30, inVpc: true, variables: ["NAMI_MONGO_URI"] },
    {
      suffix: "-watchdog",
      memorySize: 256,
      timeout: 50,
      inVpc: false,
      variables: ["NAMI_MAPPING", "NAMI_OPERATOR", "NAMI_PAUSE_PARAMETER"],
    },
  ];
  for (const { suffix, memorySize, timeout, inVpc, variables } of functions) {
    it(`the ${suffix.slice(1)} function has its own role and log group`, () => {
      const { inputs, secrets } = graph.one(FUNCTION, suffix);
      assert.equal(inputs.runtime, "nodejs24.x");
      assert.deepEqual(inputs.architectures, ["arm64"]);
      assert.equal(inputs.handler, "__index.handler");
      assert.equal(inputs.memorySize, memorySize);
      assert.equal(inputs.timeout, timeout);
      assert.equal(inputs.role, `arn:aws:iam:us-east-1:000000000000:nami-orders${suffix}-1`);
      assert.deepEqual(inputs.loggingConfig, { logFormat: "Text", logGroup: `nami-orders${suffix}-1` });
      assert.deepEqual(Object.keys(inputs.environment.variables).sort(), variables);
      if (suffix !== "-watchdog") assert.ok(secrets.includes("environment"), "variables are kept as secrets");
      assert.equal(graph.one("aws:cloudwatch/logGroup:LogGroup", suffix).inputs.retentionInDays, 14);
      assert.equal(inputs.reservedConcurrentExecutions, undefined);
      if (!inVpc) return assert.equal(inputs.vpcConfig, undefined);
      assert.deepEqual(inputs.vpcConfig, {
        subnetIds: ["subnet-a"],
        securityGroupIds: ["nami-orders-worker-1"],
      });
      assert.equal(inputs.replaceSecurityGroupsOnDestroy, true);
      assert.deepEqual(inputs.replacementSecurityGroupIds, ["sg-default"]);
    });

    it(`the zip of the ${suffix.slice(1)} function holds exactly two files`, async () => {
      const { code } = graph.one(FUNCTION, suffix).inputs;
      const [index, bundle, ...more] = Object.keys(await code.assets)
        .sort()
        .reverse();
      assert.deepEqual(more, []);
      assert.equal(index, "__index.js");
      assert.match(bundle!, new RegExp(`^\\.nami/build/orders/[^/]+/${suffix.slice(1)}\\.js$`));
    });
  }

  it("the shared gateway routes this one path to the pre-queue function", () => {
    const permission = graph.one("aws:lambda/permission:Permission", "-invoke").inputs;
    assert.deepEqual(permission, {
      action: "lambda:InvokeFunction",
      function: "nami-orders-pre-queue-1",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${gatewayStack.executionArn}/*/*/orders`,
    });
    assert.deepEqual(graph.one("aws:apigatewayv2/integration:Integration").inputs, {
      apiId: "api1",
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: "arn:aws:apigateway:us-east-1:lambda:path/nami-orders-pre-queue-1/invocations",
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: 30_000,
    });
    const route = graph.one("aws:apigatewayv2/route:Route").inputs;
    assert.equal(route.routeKey, "ANY /orders");
    assert.equal(route.target, "integrations/nami-orders-integration-1");
  });

  it("the post-queue function gets at most five batches of ten at a time", () => {
    const { inputs } = graph.one("aws:lambda/eventSourceMapping:EventSourceMapping");
    assert.match(inputs.eventSourceArn, /nami-orders-queue-1$/);
    assert.match(inputs.functionName, /nami-orders-post-queue-1$/);
    assert.equal(inputs.enabled, false, "until the watchdog has seen MongoDB");
    assert.equal(inputs.batchSize, 10);
    assert.equal(inputs.maximumBatchingWindowInSeconds, 0);
    assert.deepEqual(inputs.functionResponseTypes, ["ReportBatchItemFailures"]);
    assert.deepEqual(inputs.scalingConfig, { maximumConcurrency: 5 });
  });

  it("every resource that takes tags has the name, the version and its own logical name", () => {
    const untagged = new Set([
      "aws:iam/rolePolicy:RolePolicy",
      "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
      "aws:lambda/permission:Permission",
      "aws:apigatewayv2/integration:Integration",
      "aws:apigatewayv2/route:Route",
      "aws:ec2/volumeAttachment:VolumeAttachment",
      "aws:cloudwatch/eventTarget:EventTarget",
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:sns/topicPolicy:TopicPolicy",
    ]);
    for (const { type, name, inputs } of graph.resources) {
      if (!type.startsWith("aws:") || untagged.has(type)) continue;
      assert.equal(inputs.tags?.["nami:name"], "orders", `${type} ${name}`);
      assert.equal(inputs.tags?.["nami:version"], version, `${type} ${name}`);
      assert.equal(inputs.tags?.["nami:resource"], name, `${type} ${name}`);
    }
  });

  it("the program exports what the command works with", () => {
    const alarms = graph.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => `${name}-1`);
    assert.deepEqual([...graph.outputs.alarms].sort(), alarms.sort());
    assert.deepEqual(graph.outputs, {
      name: "orders",
      target: "local",
      region: "us-east-1",
      accountId: "000000000000",
      url: "http://127.0.0.1:6264/orders",
      verified: false,
      verify: "none",
      secrets: [],
      codeSecretNames: [],
      queueName: "nami-orders-queue-1",
      queueUrl: "http://127.0.0.1:1/nami-orders-queue-1",
      queueArn: "arn:aws:sqs:us-east-1:000000000000:nami-orders-queue-1",
      deadLetterQueueName: "nami-orders-dead-letters-1",
      deadLetterQueueUrl: "http://127.0.0.1:1/nami-orders-dead-letters-1",
      deadLetterQueueArn: "arn:aws:sqs:us-east-1:000000000000:nami-orders-dead-letters-1",
      preQueueFunction: "nami-orders-pre-queue-1",
      postQueueFunction: "nami-orders-post-queue-1",
      options: graph.outputs.options,
      operatorFunction: "nami-orders-operator-1",
      watchdogFunction: "nami-orders-watchdog-1",
      mappingId: "nami-orders-mapping-1",
      instanceId: "nami-orders-mongo-host-1",
      invokeUrl: "http://127.0.0.1:6264/orders",
      logGroups: {
        preQueue: "nami-orders-pre-queue-1",
        postQueue: "nami-orders-post-queue-1",
        operator: "nami-orders-operator-1",
        watchdog: "nami-orders-watchdog-1",
      },
      alarms: graph.outputs.alarms,
      probeKey: graph.one("aws:ssm/parameter:Parameter", "-probe-key").inputs.value,
    });
  });

  it("keeps the key of the probe secret, which nobody has told it is one", () => {
    const { inputs, secrets } = graph.one("aws:lambda/function:Function", "-pre-queue");
    assert.equal(inputs.environment.variables.NAMI_SECRET, undefined);
    assert.ok(inputs.environment.variables.NAMI_PROBE_KEY);
    assert.ok(secrets.includes("environment"));
  });

  it("the outputs show the numbers of the secrets and never their values", async () => {
    const list =
      '[{"number":4,"value":"newest","addedAt":"2026-01-01T00:00:00.000Z"},{"number":3,"value":"older"}]';
    const config = {
      "nami:verify": "github",
      "nami:secret": list,
      "nami:codeSecrets": '{"B":"hidden","A":"hidden"}',
    };
    const secretKeys = ["nami:secret", "nami:codeSecrets"];
    const verified = await pipelineGraph({ config, secretKeys });
    const { inputs, secrets } = verified.one("aws:lambda/function:Function", "-pre-queue");
    assert.equal(inputs.environment.variables.NAMI_SECRET, list);
    assert.ok(secrets.includes("environment"));
    assert.equal(verified.outputs.verified, true);
    assert.deepEqual(verified.outputs.secrets, [
      { number: 4, addedAt: "2026-01-01T00:00:00.000Z" },
      { number: 3, addedAt: null },
    ]);
    assert.deepEqual(verified.outputs.codeSecretNames, ["A", "B"]);
    assert.doesNotMatch(JSON.stringify(verified.outputs), /newest|older|hidden/);
  });

  it("every physical name fits 64 characters for a deployment name of 40", async () => {
    const stack = "a".repeat(40);
    const longest = await pipelineGraph({
      stack,
      stacks: { ...sharedStacks, [`nami-data/${stack}`]: dataStack },
    });
    const limited = longest.resources.filter(
      ({ type }) => /^aws:(lambda|iam)\//.test(type) && !/Policy$|Mapping$|Permission$/.test(type),
    );
    assert.ok(limited.length >= 8);
    // Autonaming adds a dash and seven digits.
    for (const { name, type } of limited) assert.ok(name.length + 8 <= 64, `${type} ${name}`);
  });
});
