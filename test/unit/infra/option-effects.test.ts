import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataProgram } from "../../../infra/data-program";
import { gatewayProgram } from "../../../infra/gateway-program";
import { type OptionName, options } from "../../../infra/options";
import { program } from "../../../infra/program";
import { optionNamed } from "../../../infra/resolve-options";
import {
  dataStack,
  type Graph,
  gatewayStack,
  type Recorded,
  type RunOptions,
  run,
  sharedStacks,
} from "../../support/pulumi-mocks";

const FUNCTION = "aws:lambda/function:Function";
const QUEUE = "aws:sqs/queue:Queue";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

const ALARMS = [
  "dead-letters",
  "oldest-event",
  "pre-queue-errors",
  "post-queue-errors",
  "operator-errors",
  "watchdog-errors",
  "gateway-errors",
  "gateway-throttles",
  "paused",
  "disk",
];

/** Generated anew at every run, and ignored by the engine after the first. */
const isGenerated = ({ type, inputs }: Recorded) =>
  type === "aws:ssm/parameter:Parameter" && inputs.type === "SecureString";

function withoutProbeKey(inputs: Recorded["inputs"]): Recorded["inputs"] {
  if (!inputs.environment?.variables.NAMI_PROBE_KEY) return inputs;
  const { NAMI_PROBE_KEY: _, ...variables } = inputs.environment.variables;
  return { ...inputs, environment: { variables } };
}

/** `<type's last part> <name>.<input>` of every input that differs, resources that come or go with a sign. */
async function difference(before: Graph, after: Graph): Promise<string[]> {
  const [old, now] = [index(before), index(after)];
  const changes: string[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(key), now.get(key)];
    if (!a) changes.push(`+ ${key}`);
    else if (!b) changes.push(`- ${key}`);
    else
      for (const input of new Set([...Object.keys(a), ...Object.keys(b)]))
        if ((await textOf(a[input])) !== (await textOf(b[input]))) changes.push(`${key}.${input}`);
  }
  return changes.sort();
}

function index(graph: Graph) {
  const resources = graph.resources.filter(
    (resource) => resource.type.startsWith("aws") && !isGenerated(resource),
  );
  return new Map(
    resources.map(({ type, name, inputs }) => [`${type.split(":").at(-1)} ${name}`, withoutProbeKey(inputs)]),
  );
}

async function textOf(
  value: { assets?: Promise<Record<string, { text?: unknown; path?: unknown }>> } | undefined,
) {
  if (!value?.assets) return JSON.stringify(value);
  const entries = Object.entries(await value.assets);
  return JSON.stringify(
    await Promise.all(entries.map(async ([key, asset]) => [key, await asset.text, await asset.path])),
  );
}

const SECRET_KEYS = options.filter(({ kind }) => kind === "secret").map(({ configKey }) => configKey);

describe("every option changes what it says and nothing else", function () {
  this.timeout(60_000);
  let plain: Graph;
  let dir: string;
  const tested = new Set<OptionName>();

  before(async () => {
    plain = await run(program, { stacks: sharedStacks });
    dir = mkdtempSync(join(tmpdir(), "nami-options-"));
    writeFileSync(join(dir, "pre.ts"), "export default async (event: unknown) => event;\n");
    writeFileSync(
      join(dir, "post.ts"),
      "export default async (event: object) => ({ ...event, seen: true });\n",
    );
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  interface Where {
    program: () => Promise<Record<string, unknown>>;
    options: RunOptions;
  }

  /** What `value`, as typed, changes of a program; `more` for options that need another one. */
  function effect(where: Where, name: OptionName, value: string, expected: string[], more = {}) {
    tested.add(name);
    it(`${name} = ${value}`, async () => {
      const { configKey } = optionNamed(name);
      const beside = { ...where.options.config, [configKey]: value.replace("DIR", dir), ...more };
      const config = JSON.parse(JSON.stringify(beside)) as Record<string, string>;
      const before = where === pipeline ? plain : await run(where.program, where.options);
      const graph = await run(where.program, { ...where.options, config, secretKeys: SECRET_KEYS });
      assert.deepEqual(await difference(before, graph), expected);
    });
  }

  const pipeline: Where = { program, options: { stacks: sharedStacks } };
  const data: Where = { program: dataProgram, options: { project: "nami-data" } };
  const gateway: Where = {
    program: gatewayProgram,
    options: { project: "nami-gateway", stack: "local-us-east-1" },
  };
  const changes = (name: OptionName, value: string, expected: string[], more = {}) =>
    effect(pipeline, name, value, expected, more);

  changes("preQueueMemory", "1024", ["Function nami-orders-pre-queue.memorySize"]);
  changes("preQueueTimeout", "20s", ["Function nami-orders-pre-queue.timeout"]);
  changes("postQueueMemory", "1024", ["Function nami-orders-post-queue.memorySize"]);
  changes("postQueueTimeout", "1m", [
    "Function nami-orders-post-queue.timeout",
    "Queue nami-orders-queue.visibilityTimeoutSeconds",
  ]);
  changes("concurrency", "50", ["EventSourceMapping nami-orders-mapping.scalingConfig"]);
  changes("batchSize", "5", ["EventSourceMapping nami-orders-mapping.batchSize"]);
  changes("batchWindow", "20s", [
    "EventSourceMapping nami-orders-mapping.maximumBatchingWindowInSeconds",
    "Queue nami-orders-queue.visibilityTimeoutSeconds",
  ]);
  changes("visibilityTimeout", "10m", ["Queue nami-orders-queue.visibilityTimeoutSeconds"]);
  changes("maxReceives", "3", ["Queue nami-orders-queue.redrivePolicy"]);
  changes("retention", "2d", ["Queue nami-orders-queue.messageRetentionSeconds"]);
  changes("deadLetterRetention", "7d", ["Queue nami-orders-dead-letters.messageRetentionSeconds"]);
  changes("keep", "90d", ["Function nami-orders-operator.code", "Function nami-orders-post-queue.code"]);
  changes("mongoPort", "27018", [
    "Function nami-orders-operator.environment",
    "Function nami-orders-post-queue.environment",
    "Instance nami-orders-mongo-host.userData",
    "SecurityGroupEgressRule nami-orders-worker-to-mongo.fromPort",
    "SecurityGroupEgressRule nami-orders-worker-to-mongo.toPort",
    "SecurityGroupIngressRule nami-orders-mongo-from-worker.fromPort",
    "SecurityGroupIngressRule nami-orders-mongo-from-worker.toPort",
  ]);
  changes("mongoVersion", "8.2", ["Instance nami-orders-mongo-host.userData"]);
  changes("instanceType", "t4g.large", ["Instance nami-orders-mongo-host.instanceType"]);
  changes("preQueue", "DIR/pre.ts", ["Function nami-orders-pre-queue.code"]);
  changes("postQueue", "DIR/post.ts", ["Function nami-orders-post-queue.code"]);
  changes("vpc", "vpc-0a1b2c3d", [
    "- DefaultVpc nami-orders-vpc",
    "SecurityGroup nami-orders-mongo.vpcId",
    "SecurityGroup nami-orders-worker.vpcId",
  ]);
  changes(
    "egress",
    "nat",
    [
      "+ SecurityGroup nami-orders-egress",
      "+ SecurityGroupEgressRule nami-orders-egress",
      "- DefaultVpc nami-orders-vpc",
      "Function nami-orders-post-queue.vpcConfig",
      "SecurityGroup nami-orders-mongo.vpcId",
      "SecurityGroup nami-orders-worker.vpcId",
    ],
    { "nami:vpc": "vpc-0a1b2c3d" },
  );
  changes(
    "alarms",
    "off",
    [
      ...ALARMS.map((suffix) => `- MetricAlarm nami-orders-${suffix}`),
      "- Topic nami-orders-alarms",
      "- TopicPolicy nami-orders-alarms",
      "Dashboard nami-orders.dashboardBody",
    ].sort(),
  );
  changes("alarmEmail", "ops@example.com", ["+ TopicSubscription nami-orders-alarms"]);
  changes("dashboard", "off", ["- Dashboard nami-orders"]);
  changes("logRetention", "30d", [
    "LogGroup nami-orders-operator.retentionInDays",
    "LogGroup nami-orders-post-queue.retentionInDays",
    "LogGroup nami-orders-pre-queue.retentionInDays",
    "LogGroup nami-orders-watchdog.retentionInDays",
  ]);

  const PRE_QUEUE_CODE = ["Function nami-orders-pre-queue.code"];
  const hmac = { "nami:verify": "hmac", "nami:verifyHeader": "x-sig", "nami:secret": "s3cret" };
  const underHmac: Where = {
    program,
    options: { stacks: sharedStacks, config: hmac, secretKeys: ["nami:secret"] },
  };
  effect(underHmac, "verifyTolerance", "1m", PRE_QUEUE_CODE, {
    "nami:verifyTemplate": "{timestamp}.{body}",
    "nami:verifyTimestamp": "x-time",
  });
  changes("verifyIps", "192.0.2.0/24", PRE_QUEUE_CODE);
  effect(underHmac, "verifyUrl", "https://hooks.example.com/a", PRE_QUEUE_CODE, {
    "nami:verifyTemplate": "{url}.{body}",
  });
  changes("verifyId", "header:x-id", PRE_QUEUE_CODE);
  changes("verifyEcho", "query:challenge", PRE_QUEUE_CODE);
  changes("successStatus", "202", PRE_QUEUE_CODE);
  changes("successBody", "thanks", PRE_QUEUE_CODE);
  changes("successType", "text/xml", PRE_QUEUE_CODE, { "nami:successBody": "<ok/>" });
  effect(underHmac, "verifyHeader", "x-other", PRE_QUEUE_CODE);
  effect(underHmac, "verifyPrefix", "sha256=", PRE_QUEUE_CODE);
  effect(underHmac, "verifyEncoding", "base64", PRE_QUEUE_CODE);
  effect(underHmac, "verifyAlgorithm", "sha512", PRE_QUEUE_CODE);
  effect(underHmac, "verifyTemplate", "v0:{body}", PRE_QUEUE_CODE);
  effect(underHmac, "verifyTimestamp", "x-time", PRE_QUEUE_CODE, {
    "nami:verifyTemplate": "{timestamp}.{body}",
  });
  effect(underHmac, "verify", "github", PRE_QUEUE_CODE, { "nami:verifyHeader": undefined });
  changes("verify", "asana", [
    "+ MetricAlarm nami-orders-refusals",
    "Dashboard nami-orders.dashboardBody",
    ...PRE_QUEUE_CODE,
  ]);
  effect(underHmac, "secret", "another", ["Function nami-orders-pre-queue.environment"]);
  changes(
    "verifyToken",
    "t0ken",
    [
      "+ MetricAlarm nami-orders-refusals",
      "Dashboard nami-orders.dashboardBody",
      ...PRE_QUEUE_CODE,
      "Function nami-orders-pre-queue.environment",
    ],
    { "nami:verify": "meta", "nami:secret": "s3cret" },
  );
  changes("codeSecrets", '{"KEY":"v"}', [
    "Function nami-orders-post-queue.environment",
    "Function nami-orders-pre-queue.environment",
  ]);

  effect(data, "volumeSize", "50", ["Volume nami-orders-mongo.size"]);
  effect(data, "zone", "us-east-1b", ["Volume nami-orders-mongo.availabilityZone"]);
  effect(data, "snapshots", "7", [
    "+ LifecyclePolicy nami-orders-snapshots",
    "+ Role nami-orders-snapshots",
    "+ RolePolicy nami-orders-snapshots",
  ]);

  const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12ab";
  effect(gateway, "throttleRate", "100", ["Stage nami-gateway-stage.defaultRouteSettings"]);
  effect(gateway, "throttleBurst", "200", ["Stage nami-gateway-stage.defaultRouteSettings"], {
    "nami:throttleRate": "100",
  });
  effect(gateway, "throttles", "orders=5", ["Stage nami-gateway-stage.routeSettings"]);
  for (const [name, value, other, its] of [
    ["domain", "hooks.example.com", "certificateArn", certificate],
    ["certificateArn", certificate, "domain", "hooks.example.com"],
  ] as const)
    effect(gateway, name, value, ["+ ApiMapping nami-gateway-domain", "+ DomainName nami-gateway-domain"], {
      [`nami:${other}`]: its,
    });
  effect(gateway, "accessLog", "off", [
    "- LogGroup nami-gateway-access",
    "- LogMetricFilter nami-gateway-errors",
    "- LogMetricFilter nami-gateway-refusals",
    "- LogMetricFilter nami-gateway-throttles",
    "Stage nami-gateway-stage.accessLogSettings",
  ]);

  // Of the person, not of the deployment: no program knows it.
  tested.add("target").add("region").add("mongoUri").add("profile");

  it("target and region: another gateway", async () => {
    const config = { "nami:target": "aws", "aws:region": "eu-west-1" };
    const stacks = {
      "nami-gateway/aws-eu-west-1": { ...gatewayStack, apiId: "api2" },
      "nami-data/orders": dataStack,
    };
    const graph = await run(program, { stacks, config, accountId: "123456789012" });
    assert.equal(graph.one("aws:apigatewayv2/route:Route").inputs.apiId, "api2");
    assert.deepEqual([graph.outputs.target, graph.outputs.region], ["aws", "eu-west-1"]);
  });

  it("mongoUri: no host, no network, no data stack", async () => {
    const uri = "mongodb://me:secret@db.example/?tls=true";
    const graph = await run(program, {
      stacks: { "nami-gateway/local-us-east-1": gatewayStack },
      config: { "nami:mongoUri": uri },
      secretKeys: ["nami:mongoUri"],
    });
    const types = new Set(graph.resources.map(({ type }) => type.split(":").at(-1)));
    for (const gone of ["Instance", "VolumeAttachment", "SecurityGroup", "DefaultVpc", "InstanceProfile"])
      assert.ok(!types.has(gone), gone);
    assert.equal(graph.all("pulumi:pulumi:StackReference").length, 1);
    assert.deepEqual(
      graph.invokes.map(({ token }) => token).filter((token) => token.startsWith("aws:")),
      ["aws:index/getCallerIdentity:getCallerIdentity"],
    );
    for (const suffix of ["-post-queue", "-operator"]) {
      const { inputs, secrets } = graph.one(FUNCTION, suffix);
      assert.equal(inputs.environment.variables.NAMI_MONGO_URI, uri);
      assert.equal(inputs.vpcConfig, undefined);
      assert.ok(secrets.includes("environment"));
      assert.doesNotMatch(graph.one("aws:iam/rolePolicy:RolePolicy", suffix).inputs.policy, /ec2:/);
    }
    assert.equal(graph.outputs.instanceId ?? null, null);
  });

  it("refuses variables of more than 4 KB in all, and names the longest", async () => {
    const config = { "nami:mongoUri": `mongodb://${"h".repeat(4100)}` };
    const stacks = { "nami-gateway/local-us-east-1": gatewayStack };
    await assert.rejects(run(program, { stacks, config, secretKeys: ["nami:mongoUri"] }), {
      code: "ENVIRONMENT_TOO_LARGE",
      message: /The longest is NAMI_MONGO_URI/,
    });
  });

  it("reports every error of the config at once", async () => {
    const config = { "nami:batchSize": "100", "nami:preQueueMemory": "1" };
    await assert.rejects(run(program, { stacks: sharedStacks, config }), {
      code: "OPTIONS_INVALID",
      message: /--pre-queue-memory .*\n--batch-window /s,
    });
  });

  it("is tested for every option there is", () => {
    assert.deepEqual(
      options.map(({ name }) => name).filter((name) => !tested.has(name)),
      [],
    );
  });

  it("compares resources of each kind", () => {
    for (const type of [FUNCTION, QUEUE, MAPPING]) assert.ok(plain.all(type).length > 0);
  });
});
