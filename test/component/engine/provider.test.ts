import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { hostStatus, startHost, stopHost } from "../../../local/host/client";
import { startProvider } from "../../../local/provider/provider";
import { inlineStack } from "../../support/engine";
import { preview, up } from "../../support/steps";

interface Shape {
  visibility: number;
  name?: string;
  greeting: string;
}

const shape: Shape = { visibility: 60, greeting: "hello" };

function allow(action: string | string[], resource: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: resource }],
  });
}

/** A pipeline in small: what Nami declares, of every kind one. */
async function program(): Promise<Record<string, unknown>> {
  const { visibility, name, greeting } = shape;
  const deadLetters = new aws.sqs.Queue("dead-letters", { messageRetentionSeconds: 1_209_600 });
  const queue = new aws.sqs.Queue("queue", {
    name,
    visibilityTimeoutSeconds: visibility,
    redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 }),
  });
  const role = new aws.iam.Role("role", {
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
  });
  const receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"];
  const policy = new aws.iam.RolePolicy("policy", { role: role.name, policy: allow(receive, queue.arn) });
  const logGroup = new aws.cloudwatch.LogGroup("logs", { retentionInDays: 14 });
  const lambda = new aws.lambda.CallbackFunction(
    "function",
    {
      role,
      runtime: "nodejs24.x",
      memorySize: 256,
      timeout: 5,
      loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
      environment: { variables: { GREETING: greeting, SECRET: pulumi.secret("open sesame") } },
      codePathOptions: { extraExcludePackages: Object.keys(require("../../../package.json").dependencies) },
      callbackFactory: () => async (event: { body?: string; Records?: unknown[] }) =>
        event.Records ? {} : { statusCode: 200, body: `${process.env.GREETING} ${event.body}` },
    },
    { dependsOn: [policy, logGroup] },
  );
  const api = new aws.apigatewayv2.Api("api", { protocolType: "HTTP" });
  new aws.apigatewayv2.Stage("stage", { apiId: api.id, name: "$default", autoDeploy: true });
  const integration = new aws.apigatewayv2.Integration("integration", {
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: lambda.invokeArn,
    payloadFormatVersion: "2.0",
  });
  const permission = new aws.lambda.Permission("permission", {
    action: "lambda:InvokeFunction",
    function: lambda.name,
    principal: "apigateway.amazonaws.com",
    sourceArn: pulumi.interpolate`${api.executionArn}/*/*/demo`,
  });
  new aws.apigatewayv2.Route(
    "route",
    { apiId: api.id, routeKey: "ANY /demo", target: pulumi.interpolate`integrations/${integration.id}` },
    { dependsOn: [permission] },
  );
  const mapping = new aws.lambda.EventSourceMapping("mapping", {
    eventSourceArn: queue.arn,
    functionName: lambda.arn,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  });
  const vpc = new awsx.ec2.DefaultVpc("vpc");
  const group = new aws.ec2.SecurityGroup("group", { vpcId: vpc.vpcId });
  return {
    url: pulumi.interpolate`${api.apiEndpoint}/demo`,
    queueUrl: queue.url,
    mapping: mapping.uuid,
    vpcId: aws.ec2.getVpcOutput({ default: true }).id,
    groupVpc: group.vpcId,
  };
}

interface Provided {
  home: string;
  stack: Stack;
  close(): Promise<void>;
}

/** A provider and a stack of the real engine, in a folder that goes with them; no host runs. */
async function provided(): Promise<Provided> {
  const home = mkdtempSync(join(tmpdir(), "nami-provider-"));
  const provider = await startProvider({ home });
  return {
    home,
    stack: await inlineStack({ home, providerPort: provider.port }, program),
    close: async () => {
      await stopHost(home);
      await provider.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "text/plain" } });
  return `${response.status} ${await response.text()}`;
}

describe("the provider on the real engine, without a host", function () {
  this.timeout(300_000);
  let made: Provided;

  before(async () => {
    made = await provided();
  });
  after(() => made?.close());

  it("previews every create, and starts no host", async () => {
    const steps = await preview(made.stack);
    assert.equal(steps.queue?.op, "create");
    assert.equal(
      Object.values(steps).every(({ op }) => op === "create"),
      true,
    );
    await assert.rejects(hostStatus(made.home), { code: "HOST_NOT_RUNNING" });
  });

  it("refuses to deploy, and says what to run", async () => {
    await assert.rejects(made.stack.up(), /HOST_NOT_RUNNING.*nami host start/s);
  });
});

describe("the provider on the real engine and the real host", function () {
  this.timeout(300_000);
  let made: Provided;
  let home: string;
  let stack: Stack;
  let outputs: Record<string, string>;

  before(async () => {
    made = await provided();
    ({ home, stack } = made);
    await startHost(home, { listen: "127.0.0.1:0" });
    ({ outputs } = await up(stack));
  });
  after(() => made?.close());

  it("deploys a gateway whose requests reach the function, a queue and a network", async () => {
    assert.equal(await ask(outputs.url!, "world"), `200 ${shape.greeting} world`);
    assert.match(outputs.queueUrl!, /^http:\/\/127\.0\.0\.1:\d+\/000000000000\/queue-[0-9a-f]{7}$/);
    assert.equal(outputs.vpcId, outputs.groupVpc);
  });

  it("keeps secrets encrypted and zips out of the state", async () => {
    // Not exportStack(): that decrypts.
    const state = readFileSync(join(home, "state", ".pulumi", "stacks", "nami", "demo.json"), "utf8");
    assert.equal(state.includes("open sesame"), false);
    assert.equal(state.includes("zipBase64"), false);
    assert.match(state, /awsx:ec2:DefaultVpc/);
  });

  it("changes nothing at a second up", async () => {
    assert.deepEqual((await up(stack)).steps, {});
    assert.deepEqual(await preview(stack), {});
  });

  it("previews a changed visibility timeout as that alone, and does it in place", async () => {
    shape.visibility = 90;
    const expected = { queue: { op: "update", diffs: ["visibilityTimeoutSeconds"] } };
    assert.deepEqual(await preview(stack), expected);
    const done = await up(stack);
    assert.deepEqual(done.steps, expected);
    assert.equal(done.outputs.queueUrl, outputs.queueUrl);
    assert.equal(done.outputs.mapping, outputs.mapping);
  });

  it("changes the environment of a function by the one variable", async () => {
    shape.greeting = "goodbye";
    const expected = { function: { op: "update", diffs: ["environment.variables.GREETING"] } };
    assert.deepEqual(await preview(stack), expected);
    assert.deepEqual((await up(stack)).steps, expected);
    assert.equal(await ask(outputs.url!, "moon"), "200 goodbye moon");
  });

  it("replaces a queue whose name changes, and what is bound to it", async () => {
    shape.name = "renamed";
    const foreseen = await preview(stack);
    assert.deepEqual(foreseen.queue?.diffs, ["name"]);
    const done = await up(stack);
    assert.deepEqual(Object.keys(done.steps).sort(), Object.keys(foreseen).sort());
    assert.match(done.outputs.queueUrl!, /\/renamed$/);
    assert.notEqual(done.outputs.mapping, outputs.mapping);
    assert.deepEqual(await preview(stack), {});
  });

  it("finds nothing to change at a refresh, also after a restart of the host", async () => {
    await stopHost(home);
    const again = await startHost(home, {});
    assert.deepEqual(again.broken, []);
    const { summary } = await stack.refresh();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    assert.deepEqual(await preview(stack), {});
  });

  it("takes over the resources that an interrupted run left", async () => {
    const state = await stack.exportStack();
    const resources = (state.deployment as { resources: { urn: string }[] }).resources;
    const lost = new Set([
      "queue",
      "role",
      "policy",
      "function",
      "mapping",
      "integration",
      "permission",
      "route",
    ]);
    state.deployment = {
      ...state.deployment,
      resources: resources.filter(({ urn }) => !lost.has(urn.split("::").at(-1)!)),
    };
    await stack.importStack(state);
    const next = await startProvider({ home });
    try {
      await up(await inlineStack({ home, providerPort: next.port }, program));
    } finally {
      await next.close();
    }
    assert.equal(await ask(outputs.url!, "again"), `200 ${shape.greeting} again`);
    assert.deepEqual(await preview(stack), {});
  });

  it("destroys everything, and its host has logged no error", async () => {
    await stack.destroy();
    const response = await fetch(outputs.url!, { method: "POST", body: "anyone?" });
    assert.equal(response.status, 404);
    assert.equal(readFileSync(join(home, "host", "host.log"), "utf8").includes("Error"), false);
  });
});
