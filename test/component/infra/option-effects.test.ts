import assert from "node:assert/strict";
import { type OptionName, options } from "../../../infra/options";
import { type Bundler, programWith } from "../../../infra/program";
import { optionNamed } from "../../../infra/resolve-options";
import { assertChange, type Change, difference } from "../../support/graph-difference";
import { dataGraph, gatewayGraph, madeUpBundle, pipelineGraph } from "../../support/program-runs";
import { dataStack, gatewayStack, type RunOptions, run, sharedStacks } from "../../support/pulumi-mocks";

type Config = Record<string, string | undefined>;

interface Effect {
  /** As typed. */
  value: string;
  /** Every input that changes, with its new value, and every resource that comes or goes. */
  changes: Change;
  /** What the deployment has before. */
  before?: Config;
  /** What comes with the option. */
  beside?: Config;
}

type Effects = Partial<Record<OptionName, Effect[]>>;

const secretKeys = options.filter(({ kind }) => kind === "secret").map(({ configKey }) => configKey);

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

const PRE_QUEUE = "Function nami-orders-pre-queue";
const POST_QUEUE = "Function nami-orders-post-queue";
const OPERATOR = "Function nami-orders-operator";
const MAPPING = "EventSourceMapping nami-orders-mapping";
const QUEUE = "Queue nami-orders-queue";
const DEAD_LETTERS = "Queue nami-orders-dead-letters";
const HOST = "Instance nami-orders-mongo-host";
const STAGE = "Stage nami-gateway-stage";

const made = (...resources: string[]): Change =>
  Object.fromEntries(resources.map((resource) => [resource, "made"]));
const gone = (...resources: string[]): Change =>
  Object.fromEntries(resources.map((resource) => [resource, "gone"]));
/** The pre-queue function's settings stand in its code. */
const setting = (path: string, value: unknown): Change => ({ [`${PRE_QUEUE}.code.settings.${path}`]: value });
/** The made-up bundle's folder says for what it was made. */
const bundled = (kind: string, folder: string): Change => ({
  [`Function nami-orders-${kind}.code.bundle`]: `.nami/build/orders/${folder}/${kind}.js`,
});
const refusals: Change = {
  ...made("MetricAlarm nami-orders-refusals"),
  "Dashboard nami-orders.dashboardBody": /RefusedRequests/,
};

const OWN_VPC = { "nami:vpc": "vpc-0a1b2c3d" };
const HMAC = { "nami:verify": "hmac", "nami:verifyHeader": "x-sig", "nami:secret": "s3cret" };
const TIMED = { "nami:verifyTemplate": "{timestamp}.{body}", "nami:verifyTimestamp": "x-time" };
const MONGO_URI = "mongodb://me:secret@db.example/?tls=true";
const META = { "nami:verify": "meta", "nami:secret": "s3cret", "nami:verifyToken": "t0ken" };

const atMongo = (uri: string): Change => ({
  [`${POST_QUEUE}.environment.variables.NAMI_MONGO_URI`]: uri,
  [`${OPERATOR}.environment.variables.NAMI_MONGO_URI`]: uri,
});

const inOwnVpc: Change = {
  ...gone("DefaultVpc nami-orders-vpc"),
  "SecurityGroup nami-orders-mongo.vpcId": "vpc-0a1b2c3d",
  "SecurityGroup nami-orders-worker.vpcId": "vpc-0a1b2c3d",
};

/** Of the post-queue function alone. */
const wayOut: Change = {
  ...made("SecurityGroup nami-orders-egress", "SecurityGroupEgressRule nami-orders-egress"),
  [`${POST_QUEUE}.vpcConfig.securityGroupIds.1`]: "nami-orders-egress-1",
};

const ofPipeline: Effects = {
  preQueueMemory: [{ value: "1024", changes: { [`${PRE_QUEUE}.memorySize`]: 1024 } }],
  preQueueTimeout: [{ value: "20s", changes: { [`${PRE_QUEUE}.timeout`]: 20 } }],
  postQueueMemory: [{ value: "1024", changes: { [`${POST_QUEUE}.memorySize`]: 1024 } }],
  postQueueTimeout: [
    {
      value: "1m",
      changes: { [`${POST_QUEUE}.timeout`]: 60, [`${QUEUE}.visibilityTimeoutSeconds`]: 360 },
    },
  ],
  concurrency: [{ value: "50", changes: { [`${MAPPING}.scalingConfig.maximumConcurrency`]: 50 } }],
  batchSize: [{ value: "5", changes: { [`${MAPPING}.batchSize`]: 5 } }],
  batchWindow: [
    {
      value: "20s",
      changes: {
        [`${MAPPING}.maximumBatchingWindowInSeconds`]: 20,
        [`${QUEUE}.visibilityTimeoutSeconds`]: 200,
      },
    },
  ],
  visibilityTimeout: [{ value: "10m", changes: { [`${QUEUE}.visibilityTimeoutSeconds`]: 600 } }],
  maxReceives: [{ value: "3", changes: { [`${QUEUE}.redrivePolicy.maxReceiveCount`]: 3 } }],
  retention: [{ value: "2d", changes: { [`${QUEUE}.messageRetentionSeconds`]: 172_800 } }],
  deadLetterRetention: [{ value: "7d", changes: { [`${DEAD_LETTERS}.messageRetentionSeconds`]: 604_800 } }],
  keep: [
    {
      value: "90d",
      changes: {
        [`${POST_QUEUE}.code.settings.keepSeconds`]: 7_776_000,
        [`${OPERATOR}.code.settings.keepSeconds`]: 7_776_000,
      },
    },
  ],
  mongoPort: [
    {
      value: "27018",
      changes: {
        ...Object.fromEntries(
          [
            "SecurityGroupEgressRule nami-orders-worker-to-mongo",
            "SecurityGroupIngressRule nami-orders-mongo-from-worker",
          ].flatMap((rule) => [
            [`${rule}.fromPort`, 27_018],
            [`${rule}.toPort`, 27_018],
          ]),
        ),
        ...atMongo("mongodb://nami:p4ss@127.0.0.1:27018/?authSource=admin&directConnection=true"),
        [`${HOST}.userData`]: /27018/,
      },
    },
  ],
  mongoVersion: [{ value: "8.2", changes: { [`${HOST}.userData`]: /mongo:8\.2/ } }],
  instanceType: [{ value: "t4g.large", changes: { [`${HOST}.instanceType`]: "t4g.large" } }],
  preQueue: [
    {
      value: "/code/pre.ts",
      changes: {
        ...bundled("pre-queue", "preset=none,userFile=pre.ts"),
        [`${PRE_QUEUE}.code.sourceMaps`]: true,
      },
    },
  ],
  postQueue: [
    {
      value: "/code/post.ts",
      changes: { ...bundled("post-queue", "userFile=post.ts"), [`${POST_QUEUE}.code.sourceMaps`]: true },
    },
  ],
  vpc: [
    { value: "vpc-0a1b2c3d", changes: inOwnVpc },
    {
      value: "new",
      changes: {
        ...made("Vpc nami-orders-vpc"),
        ...gone("DefaultVpc nami-orders-vpc"),
        "SecurityGroup nami-orders-mongo.vpcId": "vpc-new",
        "SecurityGroup nami-orders-worker.vpcId": "vpc-new",
        [`${HOST}.subnetId`]: "subnet-public",
        [`${POST_QUEUE}.vpcConfig.subnetIds.0`]: "subnet-public",
        [`${OPERATOR}.vpcConfig.subnetIds.0`]: "subnet-public",
      },
    },
  ],
  egress: [
    { value: "nat", before: OWN_VPC, changes: wayOut },
    {
      value: "ipv6",
      before: { "nami:vpc": "new" },
      changes: {
        ...wayOut,
        ...made(
          "EgressOnlyInternetGateway nami-orders-ipv6",
          "RouteTable nami-orders-ipv6",
          "RouteTableAssociation nami-orders-ipv6",
          "Subnet nami-orders-ipv6",
        ),
        [`${POST_QUEUE}.vpcConfig.ipv6AllowedForDualStack`]: true,
        [`${POST_QUEUE}.vpcConfig.subnetIds.0`]: "nami-orders-ipv6-1",
        [`${OPERATOR}.vpcConfig.subnetIds.0`]: "nami-orders-ipv6-1",
      },
    },
  ],
  alarms: [
    {
      value: "off",
      changes: {
        ...gone(
          ...ALARMS.map((suffix) => `MetricAlarm nami-orders-${suffix}`),
          "Topic nami-orders-alarms",
          "TopicPolicy nami-orders-alarms",
        ),
        "Dashboard nami-orders.dashboardBody": /^(?!.*"type":"alarm")/,
      },
    },
  ],
  alarmEmail: [{ value: "ops@example.com", changes: made("TopicSubscription nami-orders-alarms") }],
  dashboard: [{ value: "off", changes: gone("Dashboard nami-orders") }],
  logRetention: [
    {
      value: "30d",
      changes: Object.fromEntries(
        ["operator", "post-queue", "pre-queue", "watchdog"].map((name) => [
          `LogGroup nami-orders-${name}.retentionInDays`,
          30,
        ]),
      ),
    },
  ],
  verify: [
    {
      value: "asana",
      changes: {
        ...refusals,
        ...setting("verification.scheme", "asana"),
        ...bundled("pre-queue", "preset=asana"),
      },
    },
    {
      value: "github",
      before: HMAC,
      beside: { "nami:verifyHeader": undefined },
      changes: {
        ...setting("verification.scheme", "github"),
        ...setting("verification.header", "gone"),
        ...setting("verification.encoding", "gone"),
        ...setting("verification.algorithm", "gone"),
        ...bundled("pre-queue", "preset=github"),
      },
    },
    {
      value: "custom",
      before: { "nami:preQueue": "/code/pre.ts" },
      changes: {
        ...refusals,
        ...setting("verification.scheme", "custom"),
        ...bundled("pre-queue", "preset=custom,userFile=pre.ts,needsVerify=true"),
      },
    },
  ],
  secret: [
    {
      value: "an0ther",
      before: HMAC,
      changes: { [`${PRE_QUEUE}.environment.variables.NAMI_SECRET`]: "an0ther" },
    },
  ],
  verifyToken: [
    {
      value: "0ther-token",
      before: META,
      changes: { [`${PRE_QUEUE}.environment.variables.NAMI_VERIFY_TOKEN`]: "0ther-token" },
    },
  ],
  verifyHeader: [{ value: "x-other", before: HMAC, changes: setting("verification.header", "x-other") }],
  verifyPrefix: [{ value: "sha256=", before: HMAC, changes: setting("verification.prefix", "sha256=") }],
  verifyEncoding: [{ value: "base64", before: HMAC, changes: setting("verification.encoding", "base64") }],
  verifyAlgorithm: [{ value: "sha512", before: HMAC, changes: setting("verification.algorithm", "sha512") }],
  verifyTemplate: [
    { value: "v0:{body}", before: HMAC, changes: setting("verification.template", "v0:{body}") },
  ],
  verifyTimestamp: [
    {
      value: "x-when",
      before: { ...HMAC, ...TIMED },
      changes: setting("verification.timestampHeader", "x-when"),
    },
  ],
  verifyTolerance: [
    { value: "1m", before: { ...HMAC, ...TIMED }, changes: setting("verification.tolerance", 60) },
  ],
  verifyUrl: [
    {
      value: "https://hooks.example.com/a",
      before: { ...HMAC, "nami:verifyTemplate": "{url}.{body}" },
      changes: setting("verification.url", "https://hooks.example.com/a"),
    },
  ],
  verifyIps: [{ value: "192.0.2.0/24", changes: setting("verification.ips", "192.0.2.0/24") }],
  verifyId: [{ value: "header:x-id", changes: setting("verification.id", "header:x-id") }],
  verifyEcho: [{ value: "query:challenge", changes: setting("verification.echo", "query:challenge") }],
  successStatus: [{ value: "202", changes: setting("success.status", 202) }],
  successBody: [{ value: "thanks", changes: setting("success.body", "thanks") }],
  successType: [
    {
      value: "text/xml",
      before: { "nami:successBody": "<ok/>" },
      changes: setting("success.contentType", "text/xml"),
    },
  ],
  codeSecrets: [
    {
      value: '{"KEY":"v4lue"}',
      changes: {
        [`${PRE_QUEUE}.environment.variables.NAMI_CODE_SECRETS`]: '{"KEY":"v4lue"}',
        [`${POST_QUEUE}.environment.variables.NAMI_CODE_SECRETS`]: '{"KEY":"v4lue"}',
      },
    },
  ],
  mongoUri: [
    {
      value: MONGO_URI,
      changes: {
        ...atMongo(MONGO_URI),
        ...gone(
          ...[OPERATOR, POST_QUEUE].flatMap((name) => [
            `${name}.replaceSecurityGroupsOnDestroy`,
            `${name}.replacementSecurityGroupIds.0`,
            `${name}.vpcConfig.securityGroupIds.0`,
            `${name}.vpcConfig.subnetIds.0`,
          ]),
        ),
        ...gone(
          "DefaultVpc nami-orders-vpc",
          HOST,
          "InstanceProfile nami-orders-mongo-host",
          "Role nami-orders-mongo-host",
          "RolePolicy nami-orders-mongo-host",
          "RolePolicy nami-orders-operator-network",
          "RolePolicy nami-orders-post-queue-network",
          "SecurityGroup nami-orders-mongo",
          "SecurityGroup nami-orders-worker",
          "SecurityGroupEgressRule nami-orders-mongo-to-443",
          "SecurityGroupEgressRule nami-orders-mongo-to-80",
          "SecurityGroupEgressRule nami-orders-worker-to-mongo",
          "SecurityGroupIngressRule nami-orders-mongo-from-worker",
          "VolumeAttachment nami-orders-mongo-volume",
        ),
      },
    },
  ],
};

const ofData: Effects = {
  volumeSize: [{ value: "50", changes: { "Volume nami-orders-mongo.size": 50 } }],
  zone: [{ value: "us-east-1b", changes: { "Volume nami-orders-mongo.availabilityZone": "us-east-1b" } }],
  snapshots: [
    {
      value: "7",
      changes: made(
        "LifecyclePolicy nami-orders-snapshots",
        "Role nami-orders-snapshots",
        "RolePolicy nami-orders-snapshots",
      ),
    },
    {
      value: "9",
      before: { "nami:snapshots": "7" },
      changes: { "LifecyclePolicy nami-orders-snapshots.policyDetails.schedules.0.retainRule.count": 9 },
    },
  ],
};

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12ab";
const DOMAIN = { "nami:domain": "hooks.example.com", "nami:certificateArn": CERTIFICATE };

const ofGateway: Effects = {
  throttleRate: [
    {
      value: "100",
      changes: {
        [`${STAGE}.defaultRouteSettings.throttlingRateLimit`]: 100,
        [`${STAGE}.defaultRouteSettings.throttlingBurstLimit`]: 50,
      },
    },
  ],
  throttleBurst: [
    {
      value: "200",
      before: { "nami:throttleRate": "100" },
      changes: { [`${STAGE}.defaultRouteSettings.throttlingBurstLimit`]: 200 },
    },
  ],
  throttles: [
    {
      value: "orders=5",
      changes: {
        [`${STAGE}.routeSettings.0.routeKey`]: "ANY /orders",
        [`${STAGE}.routeSettings.0.throttlingRateLimit`]: 5,
        [`${STAGE}.routeSettings.0.throttlingBurstLimit`]: 3,
      },
    },
  ],
  domain: [
    {
      value: "hooks.example.com",
      beside: DOMAIN,
      changes: made("ApiMapping nami-gateway-domain", "DomainName nami-gateway-domain"),
    },
    {
      value: "other.example.com",
      before: DOMAIN,
      changes: { "DomainName nami-gateway-domain.domainName": "other.example.com" },
    },
  ],
  certificateArn: [
    {
      value: `${CERTIFICATE}34`,
      before: DOMAIN,
      changes: {
        "DomainName nami-gateway-domain.domainNameConfiguration.certificateArn": `${CERTIFICATE}34`,
      },
    },
  ],
  accessLog: [
    {
      value: "off",
      changes: gone(
        "LogGroup nami-gateway-access",
        "LogMetricFilter nami-gateway-errors",
        "LogMetricFilter nami-gateway-refusals",
        "LogMetricFilter nami-gateway-throttles",
        `${STAGE}.accessLogSettings.destinationArn`,
        `${STAGE}.accessLogSettings.format`,
      ),
    },
    { value: "30d", changes: { "LogGroup nami-gateway-access.retentionInDays": 30 } },
  ],
};

/** `target` and `region` choose another gateway, which the test after the table shows; no program reads `profile`. */
const elsewhere: OptionName[] = ["target", "region", "profile"];

const programs = [
  ["pipeline", pipelineGraph, ofPipeline],
  ["data", dataGraph, ofData],
  ["gateway", gatewayGraph, ofGateway],
] as const;

function configOf(config: Config): RunOptions {
  const given = Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { config: Object.fromEntries(given), secretKeys };
}

describe("every option changes what it says and nothing else", () => {
  for (const [program, graphOf, effects] of programs)
    for (const [name, cases] of Object.entries(effects))
      for (const { value, before = {}, beside = {}, changes } of cases) {
        const { configKey, flag, kind } = optionNamed(name as OptionName);
        const given = Object.entries(before).map(([key, old]) => `${key}=${old}`);
        const where = given.length > 0 ? ` after ${given.join(" ")}` : "";
        it(`--${flag} ${value} changes exactly its inputs of the ${program} program${where}`, async () => {
          const after = await graphOf(configOf({ ...before, ...beside, [configKey]: value }));
          assertChange(await difference(await graphOf(configOf(before)), after), changes);
          if (kind !== "secret") return;
          const written = JSON.stringify(value).slice(1, -1);
          for (const { inputs, secrets, name: resource } of after.resources)
            for (const [input, plain] of Object.entries(inputs))
              if (!secrets.includes(input))
                assert.ok(
                  !JSON.stringify(plain ?? "").includes(written),
                  `${resource}.${input} shows the secret`,
                );
        });
      }

  it("--instance-type changes the zones among which the data volume's is chosen", async () => {
    const { invokes } = await dataGraph(configOf({ "nami:instanceType": "t4g.large" }));
    const offered = invokes.find(({ token }) => token.includes("getInstanceTypeOfferings"))!;
    assert.match(JSON.stringify(offered.inputs), /t4g\.large/);
  });

  it("--target and --region choose another gateway", async () => {
    const config = { "nami:target": "aws", "aws:region": "eu-west-1" };
    const stacks = {
      "nami-gateway/aws-eu-west-1": { ...gatewayStack, apiId: "api2" },
      "nami-data/orders": dataStack,
    };
    const graph = await pipelineGraph({ stacks, config, accountId: "123456789012" });
    assert.equal(graph.one("aws:apigatewayv2/route:Route").inputs.apiId, "api2");
    assert.deepEqual([graph.outputs.target, graph.outputs.region], ["aws", "eu-west-1"]);
  });

  it("--mongo-uri needs no data stack and looks up no network, and both functions keep it as a secret", async () => {
    const graph = await pipelineGraph({
      stacks: { "nami-gateway/local-us-east-1": gatewayStack },
      config: { "nami:mongoUri": MONGO_URI },
      secretKeys: ["nami:mongoUri"],
    });
    assert.equal(graph.all("pulumi:pulumi:StackReference").length, 1);
    assert.deepEqual(
      graph.invokes.map(({ token }) => token).filter((token) => token.startsWith("aws:")),
      ["aws:index/getCallerIdentity:getCallerIdentity"],
    );
    for (const suffix of ["-post-queue", "-operator"]) {
      const { inputs, secrets } = graph.one("aws:lambda/function:Function", suffix);
      assert.equal(inputs.environment.variables.NAMI_MONGO_URI, MONGO_URI);
      assert.equal(inputs.vpcConfig, undefined);
      assert.ok(secrets.includes("environment"));
      assert.doesNotMatch(graph.one("aws:iam/rolePolicy:RolePolicy", suffix).inputs.policy, /ec2:/);
    }
    assert.equal(graph.outputs.instanceId ?? null, null);
  });

  it("variables of more than 4 KB in all are refused, and the error names the longest", async () => {
    const config = { "nami:mongoUri": `mongodb://${"h".repeat(4100)}` };
    const stacks = { "nami-gateway/local-us-east-1": gatewayStack };
    await assert.rejects(pipelineGraph({ stacks, config, secretKeys: ["nami:mongoUri"] }), {
      code: "ENVIRONMENT_TOO_LARGE",
      message: /The longest is NAMI_MONGO_URI/,
    });
  });

  it("the program reports every error of the config at once", async () => {
    const config = { "nami:batchSize": "100", "nami:preQueueMemory": "1" };
    await assert.rejects(pipelineGraph({ config }), {
      code: "OPTIONS_INVALID",
      message: /--pre-queue-memory .*\n--batch-window /s,
    });
  });

  it("the bundler gets the user's files as they were given, and every other function's kind", async () => {
    const requests: unknown[] = [];
    const bundler: Bundler = (request) => {
      const { cwd: _, ...asked } = request;
      requests.push(asked);
      return madeUpBundle(request);
    };
    const config = {
      "nami:verify": "custom",
      "nami:preQueue": "code/pre.ts",
      "nami:postQueue": "/code/post.ts",
    };
    await run(() => programWith({}, bundler), { stacks: sharedStacks, config });
    assert.deepEqual(requests, [
      { kind: "pre-queue", name: "orders", userFile: "code/pre.ts", preset: "custom", needsVerify: true },
      { kind: "post-queue", name: "orders", userFile: "/code/post.ts" },
      { kind: "operator", name: "orders" },
      { kind: "watchdog", name: "orders" },
    ]);
  });

  it("the tables hold every option", () => {
    const held = programs.flatMap(([, , effects]) => Object.keys(effects));
    assert.deepEqual([...new Set([...held, ...elsewhere])].sort(), options.map(({ name }) => name).sort());
  });
});
