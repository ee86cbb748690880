import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { unknown } from "@pulumi/pulumi/output";
import { mongoHostScript } from "../../../infra/mongo-host-script";
import {
  adminCredentials,
  controlRequest,
  hostStatus,
  startHost,
  stopHost,
} from "../../../local/host/client";
import { paths } from "../../../local/paths";
import type { ResourceRecord } from "../../../local/protocol";
import { startProvider } from "../../../local/provider/provider";
import { inlineStack } from "../../support/engine";
import { freePort, sharedTools } from "../../support/home";
import { eventually } from "../../support/nami";
import { preview, up } from "../../support/steps";

const PARAMETER = "/demo/password";
const ZONE = "us-east-1a";

const shape = { port: 0, egress: false, ipv6: false, zoneKnown: false };

function assume(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}

function allow(action: string[], resource: pulumi.Input<string>): pulumi.Output<string> {
  const Statement = [{ Effect: "Allow", Action: action, Resource: resource }];
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement });
}

/** A Mongo host with all it takes. */
function mongoHost(subnetId: pulumi.Output<string>, groupId: pulumi.Output<string>): aws.ec2.Instance {
  const volume = new aws.ebs.Volume("data", { availabilityZone: ZONE, size: 1 });
  const parameter = new aws.ssm.Parameter("password", {
    name: PARAMETER,
    type: "SecureString",
    value: "sesame",
  });
  const role = new aws.iam.Role("host", { assumeRolePolicy: assume("ec2.amazonaws.com") });
  const read = allow(["ssm:GetParameter"], parameter.arn);
  const policy = new aws.iam.RolePolicy("host", { role: role.name, policy: read });
  const profile = new aws.iam.InstanceProfile("host", { role: role.name }, { dependsOn: [policy] });
  const instance = new aws.ec2.Instance("host", {
    ami: "ami-1",
    instanceType: "t4g.small",
    subnetId,
    vpcSecurityGroupIds: [groupId],
    iamInstanceProfile: profile.name,
    userData: volume.id.apply((volumeId) =>
      mongoHostScript({
        region: "us-east-1",
        volumeId,
        passwordParameter: PARAMETER,
        mongoVersion: "8.0",
        port: shape.port,
      }),
    ),
  });
  new aws.ec2.VolumeAttachment("data", {
    deviceName: "/dev/sdf",
    instanceId: instance.id,
    volumeId: volume.id,
  });
  return instance;
}

/** Tries a port of 127.0.0.1 for a moment. */
function caller(
  role: aws.iam.Role,
  vpcConfig: aws.lambda.FunctionArgs["vpcConfig"],
  opts: pulumi.CustomResourceOptions,
): aws.lambda.CallbackFunction<{ port: number }, string> {
  return new aws.lambda.CallbackFunction(
    "caller",
    {
      role,
      runtime: "nodejs24.x",
      timeout: 5,
      vpcConfig,
      replaceSecurityGroupsOnDestroy: true,
      codePathOptions: { extraExcludePackages: Object.keys(require("../../../package.json").dependencies) },
      callbackFactory: () => (event: { port: number }) =>
        new Promise<string>((resolve) => {
          const { connect } = require("node:net") as typeof import("node:net");
          const socket = connect(event.port, "127.0.0.1");
          const end = (word: string) => {
            socket.destroy();
            resolve(word);
          };
          socket.on("connect", () => end("connected")).on("error", (error) => end(error.message));
          setTimeout(() => end("nothing"), 2_000);
        }),
    },
    opts,
  );
}

async function program(): Promise<Record<string, unknown>> {
  const zone = pulumi.output(shape.zoneKnown ? ZONE : (unknown as unknown as string));
  const vpc = new Vpc("net", {
    cidrBlock: "10.90.0.0/16",
    // awsx counts zones at once, but takes each as an output.
    availabilityZoneNames: [zone as unknown as string],
    subnetStrategy: "Auto",
    subnetSpecs: [
      { type: "Public", cidrMask: 24 },
      { type: "Private", cidrMask: 24 },
    ],
    natGateways: { strategy: "Single" },
    enableDnsHostnames: true,
    assignGeneratedIpv6CidrBlock: shape.ipv6,
    tags: { of: "demo" },
  });
  const { vpcId } = vpc;
  const worker = new aws.ec2.SecurityGroup("worker", { vpcId });
  const mongo = new aws.ec2.SecurityGroup("mongo", { vpcId });
  const wire = { ipProtocol: "tcp", fromPort: shape.port, toPort: shape.port };
  new aws.vpc.SecurityGroupEgressRule("out", {
    ...wire,
    securityGroupId: worker.id,
    referencedSecurityGroupId: mongo.id,
  });
  new aws.vpc.SecurityGroupIngressRule("in", {
    ...wire,
    securityGroupId: mongo.id,
    referencedSecurityGroupId: worker.id,
  });
  if (shape.egress) {
    const everywhere = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
    new aws.vpc.SecurityGroupEgressRule("everywhere", { ...everywhere, securityGroupId: worker.id });
  }
  const subnetId = vpc.publicSubnetIds.apply(([first]) => first!);
  const instance = mongoHost(subnetId, mongo.id);
  const role = new aws.iam.Role("caller", { assumeRolePolicy: assume("lambda.amazonaws.com") });
  const AWS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
  const attached = new aws.iam.RolePolicyAttachment("caller", { role: role.name, policyArn: AWS });
  const place = { subnetIds: vpc.privateSubnetIds, securityGroupIds: [worker.id] };
  const lambda = caller(role, place, { dependsOn: [attached] });
  return { vpcId, name: lambda.name, instance: instance.id, block: vpc.vpc.ipv6CidrBlock };
}

interface Provided {
  home: string;
  stack: Stack;
  close(): Promise<void>;
}

/** A provider and a stack of the real engine, in a folder that goes with them; no host runs. */
async function provided(): Promise<Provided> {
  const home = mkdtempSync(join(tmpdir(), "nami-vpc-"));
  symlinkSync(sharedTools, paths.tools(home));
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

describe("a VPC of your own on the real engine, before there is a host", function () {
  this.timeout(300_000);
  let made: Provided;

  before(async () => {
    shape.port = await freePort();
    made = await provided();
  });
  after(() => made?.close());

  it("is previewed whole, with no zone and no id known", async () => {
    const steps = await preview(made.stack);
    const names = Object.keys(steps).filter((name) => name.startsWith("net"));
    assert.deepEqual(names.sort(), ["net", "net-1", "net-private-1", "net-public-1"]);
    assert.ok(Object.values(steps).every(({ op }) => op === "create"));
  });
});

describe("a VPC of your own on the real engine and the real host", function () {
  this.timeout(300_000);
  let made: Provided;
  let home: string;
  let stack: Stack;
  let outputs: Record<string, string>;

  before(async () => {
    shape.port = await freePort();
    shape.zoneKnown = true;
    made = await provided();
    ({ home, stack } = made);
    await startHost(home, { listen: "127.0.0.1:0" });
    ({ outputs } = await up(stack));
  });
  after(() => made?.close());

  const awsPort = async () => Number(new URL((await hostStatus(home)).awsUrl).port);
  const call = async (port: number): Promise<string> => {
    const { awsUrl } = await hostStatus(home);
    const client = new LambdaClient({
      endpoint: awsUrl,
      region: "us-east-1",
      credentials: adminCredentials(home),
    });
    const request = { FunctionName: outputs.name!, Payload: JSON.stringify({ port }) };
    const { Payload } = await client.send(new InvokeCommand(request));
    return JSON.parse(Payload!.transformToString());
  };
  const records = (type: string) => controlRequest<ResourceRecord[]>(home, "/resources/list", { type });
  const log = async () => {
    await sleep(200);
    return readFileSync(
      join(paths.host(home), "logs", "aws", "lambda", outputs.name!, "current.log"),
      "utf8",
    );
  };

  it("holds an instance and a function, and the function reaches the instance", async () => {
    let said = "";
    for (const until = Date.now() + 120_000; Date.now() < until && said !== "connected"; ) {
      said = await call(shape.port);
      // What the wire lets through is answered, or refused by the machine: it is never dropped.
      assert.notEqual(said, "nothing");
      if (said !== "connected") await sleep(100);
    }
    assert.equal(said, "connected");
    assert.equal((await log()).includes("nami: dropped"), false);
    const [subnet] = await records("aws:ec2/subnet:Subnet");
    assert.equal(subnet?.inputs.availabilityZone, ZONE);
  });

  it("keeps the function from everything else, and says so in its log", async () => {
    assert.equal(await call(await awsPort()), "nothing");
    assert.match(
      await eventually(log, (text) => text.includes("dropped"), 60),
      /nami: dropped, as AWS would: TCP to 127\.0\.0\.1:\d+; no egress rule/,
    );
  });

  it("changes nothing at a second up", async () => {
    assert.deepEqual((await up(stack)).steps, {});
    assert.deepEqual(await preview(stack), {});
  });

  it("lets the function out as soon as a rule does, for there is a NAT gateway", async () => {
    shape.egress = true;
    assert.deepEqual((await up(stack)).steps, { everywhere: { op: "create", diffs: [] } });
    assert.equal(await call(await awsPort()), "connected");
    shape.egress = false;
    assert.deepEqual(Object.keys((await up(stack)).steps), ["everywhere"]);
    assert.equal(await call(await awsPort()), "nothing");
  });

  it("gets IPv6 by updates alone, with nothing replaced", async () => {
    shape.ipv6 = true;
    const foreseen = await preview(stack);
    const done = await up(stack);
    const ops = (steps: typeof foreseen) => Object.values(steps).map(({ op }) => op);
    assert.deepEqual([...new Set([...ops(foreseen), ...ops(done.steps)])], ["update"]);
    const block = done.outputs.block!;
    const subnets = await records("aws:ec2/subnet:Subnet");
    assert.deepEqual(
      subnets.map(({ inputs }) => inputs.ipv6CidrBlock),
      [block.replace("/56", "/64"), block.replace(/00::\/56$/, "01::/64")],
    );
    assert.deepEqual(await preview(stack), {});
  });

  it("finds nothing to change at a refresh after a restart of the host", async () => {
    await stopHost(home);
    assert.deepEqual((await startHost(home, {})).broken, []);
    const { summary } = await stack.refresh();
    assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    assert.deepEqual(await preview(stack), {});
  });

  it("is destroyed whole, and its host has logged no error", async () => {
    await stack.destroy();
    for (const type of [
      "vpc:Vpc",
      "subnet:Subnet",
      "natGateway:NatGateway",
      "eip:Eip",
      "instance:Instance",
    ]) {
      assert.deepEqual(await records(`aws:ec2/${type}`), []);
    }
    assert.equal(readFileSync(paths.hostLog(home), "utf8").includes("Error"), false);
  });
});
