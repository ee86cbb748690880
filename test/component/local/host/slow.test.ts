import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { AwsError } from "../../../../local/host/aws-error";
import { controlRequest } from "../../../../local/host/client";
import type { Created, Passing, ResourceRecord } from "../../../../local/protocol";
import { check } from "../../../../local/provider/check";
import { typeTable } from "../../../../local/provider/types";
import type { Values } from "../../../../local/provider/values";
import { defaultVpc } from "../../../../local/region";
import { MovableDelays } from "../../../support/delays";
import { type TestHost, testHost } from "../../../support/host";

const SECONDS = 20;

const document = (Statement: object) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (service: string) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
const CODE = Buffer.from(
  zipSync({ "index.js": Buffer.from("exports.handler = async () => ({ statusCode: 200, body: 'in' });") }),
);
const code = { zipBase64: CODE.toString("base64"), sha256: "eA==" };

/** What a client of AWS meets when it goes on at once. */
describe("a slow host", function () {
  this.timeout(20_000);
  let local: TestHost;
  let delays: MovableDelays;
  beforeEach(async () => {
    delays = new MovableDelays();
    local = await testHost({ slowSeconds: SECONDS, later: delays.later });
  });
  afterEach(() => local.remove());

  const passed = () => delays.pass(SECONDS * 1000);
  let count = 0;
  async function create(type: string, news: Values): Promise<Created> {
    const name = `n${count++}`;
    const { inputs } = check(typeTable(type), {
      ...{ name, olds: {}, news, region: "us-east-1", randomSeed: new Uint8Array([1]) },
    });
    if (news.code) inputs.code = news.code;
    return controlRequest<Created>(local.home, "/resources/create", {
      ...{ urn: `urn:x::${name}`, type, inputs, known: [] },
    });
  }

  const ask = <T>(path: string, type: string, id: string, more: object = {}) =>
    controlRequest<T>(local.home, `/resources/${path}`, { urn: `urn:x::${id}`, type, id, ...more });
  const state = async (type: string, id: string) => (await ask<Passing>("state", type, id)).state;
  const remove = (type: string, id: string) => ask<Passing>("delete", type, id);
  const outputs = async (type: string, id: string) => (await ask<ResourceRecord>("read", type, id)).outputs;
  const refusal = (code: string, text: RegExp) => (error: unknown) =>
    error instanceof AwsError && error.code === code && text.test(error.message);

  const role = async (service = "lambda.amazonaws.com") =>
    String((await create("aws:iam/role:Role", { assumeRolePolicy: trust(service) })).id);
  const functionOf = (roleName: string, more: Values = {}) =>
    create("aws:lambda/function:Function", {
      ...{ name: `f${count++}`, role: `arn:aws:iam::000000000000:role/${roleName}`, code },
      ...{ handler: "index.handler", runtime: "nodejs24.x", ...more },
    });
  const FUNCTION = "aws:lambda/function:Function";

  it("lets no function assume a role that was just created", async () => {
    const name = await role();
    await assert.rejects(
      functionOf(name),
      refusal(
        "InvalidParameterValueException",
        /The role defined for the function cannot be assumed by Lambda/,
      ),
    );
    await passed();
    assert.equal((await functionOf(name)).state, "Pending");
  });

  it("keeps a new function pending and a changed one as it was until the change has propagated", async () => {
    const name = await role();
    await passed();
    const { id } = await functionOf(name);
    await assert.rejects(
      local.host.services.functions.invoke(id, "{}"),
      refusal("ResourceConflictException", /: Pending/),
    );
    await passed();
    assert.equal(await state(FUNCTION, id), undefined);
    assert.match((await local.host.services.functions.invoke(id, "{}")).payload, /"in"/);
    const { inputs } = await ask<ResourceRecord>("read", FUNCTION, id);
    const update = () => ask<Passing>("update", FUNCTION, id, { inputs: { ...inputs, memorySize: 512 } });
    assert.equal((await update()).state, "InProgress");
    assert.equal(local.host.services.functions.get(id)!.memorySize, 128);
    await assert.rejects(update(), refusal("ResourceConflictException", /An update is in progress/));
    await passed();
    assert.equal(local.host.services.functions.get(id)!.memorySize, 512);
  });

  it("applies a new role policy only later, and the old one until then", async () => {
    const name = await role();
    const { iam } = local.host.services;
    const may = (action: string) => iam.authorize(iam.roleIdentity(name, "s"), action, "arn:aws:sqs:::q");
    const allow = (Action: string) => document({ Effect: "Allow", Action, Resource: "*" });
    const { id } = await create("aws:iam/rolePolicy:RolePolicy", {
      role: name,
      policy: allow("sqs:SendMessage"),
    });
    assert.throws(() => may("sqs:SendMessage"), refusal("AccessDenied", /no identity-based policy/));
    await passed();
    may("sqs:SendMessage");
    const { inputs } = await ask<ResourceRecord>("read", "aws:iam/rolePolicy:RolePolicy", id);
    await ask("update", "aws:iam/rolePolicy:RolePolicy", id, {
      inputs: { ...inputs, policy: allow("sqs:ReceiveMessage") },
    });
    may("sqs:SendMessage");
    await passed();
    assert.throws(() => may("sqs:SendMessage"));
    may("sqs:ReceiveMessage");
  });

  it("refuses a malformed policy at once", async () => {
    const name = await role();
    await assert.rejects(
      create("aws:iam/rolePolicy:RolePolicy", { role: name, policy: '{"Version":"2012-10-17"}' }),
      refusal("MalformedPolicyDocument", /Statement/),
    );
  });

  it("knows an instance profile only later, and takes an instance through pending, running and shutting-down", async () => {
    const INSTANCE = "aws:ec2/instance:Instance";
    const name = await role("ec2.amazonaws.com");
    const profile = await create("aws:iam/instanceProfile:InstanceProfile", { role: name });
    const group = await create("aws:ec2/securityGroup:SecurityGroup", {});
    const run = () =>
      create(INSTANCE, {
        ...{ ami: "ami-1", instanceType: "t4g.small", userData: "exit 0" },
        ...{ iamInstanceProfile: profile.id, vpcSecurityGroupIds: [group.id] },
      });
    await assert.rejects(run(), refusal("InvalidParameterValue", /Invalid IAM Instance Profile name/));
    await passed();
    const { id } = await run();
    assert.equal((await outputs(INSTANCE, id)).instanceState, "pending");
    assert.deepEqual(local.host.status().mongo, {});
    await passed();
    assert.equal((await outputs(INSTANCE, id)).instanceState, "running");
    assert.deepEqual(Object.keys(local.host.status().mongo), [id]);
    assert.equal((await remove(INSTANCE, id)).state, "shutting-down");
    const deleteGroup = () => remove("aws:ec2/securityGroup:SecurityGroup", group.id);
    await assert.rejects(deleteGroup(), refusal("DependencyViolation", /has a dependent object/));
    await passed();
    await deleteGroup();
  });

  it("attaches and detaches a volume with a delay, to one machine at a time", async () => {
    const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
    const machine = () =>
      create("aws:ec2/instance:Instance", { ami: "ami-1", instanceType: "t4g.small", userData: "exit 0" });
    const volume = await create("aws:ebs/volume:Volume", { availabilityZone: "us-east-1a", size: 1 });
    const [one, other] = [await machine(), await machine()];
    const attach = (instanceId: string) =>
      create(ATTACHMENT, { deviceName: "/dev/sdf", instanceId, volumeId: volume.id });
    await assert.rejects(attach(one.id), refusal("IncorrectState", /is not 'available'|is not 'running'/));
    await passed();
    const { id, state: first } = await attach(one.id);
    assert.equal(first, "attaching");
    await passed();
    assert.equal((await remove(ATTACHMENT, id)).state, "detaching");
    await assert.rejects(attach(other.id), refusal("VolumeInUse", /already attached/));
    await passed();
    await attach(other.id);
  });

  it("finds a new queue only later, and changes one only later", async () => {
    const QUEUE = "aws:sqs/queue:Queue";
    const { id } = await create(QUEUE, {});
    const allow = () =>
      create("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", { queueUrl: id, redriveAllowPolicy: "{}" });
    await assert.rejects(allow(), refusal("QueueDoesNotExist", /does not exist/));
    await passed();
    await allow();
    const { inputs } = await ask<ResourceRecord>("read", QUEUE, id);
    const changed = { ...inputs, visibilityTimeoutSeconds: 77 };
    assert.equal((await ask<Passing>("update", QUEUE, id, { inputs: changed })).state, "updating");
    const name = id.split("/").at(-1)!;
    const visibility = () => local.host.services.queues.describe(name).attributes.visibilityTimeoutSeconds;
    assert.equal(visibility(), 30);
    await passed();
    assert.equal(visibility(), 77);
  });

  it("creates, updates and deletes a mapping with a delay, and polls only while it is enabled", async () => {
    const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const name = await role();
    const queue = await create("aws:sqs/queue:Queue", {});
    await create("aws:iam/rolePolicy:RolePolicy", {
      ...{ role: name, policy: document({ Effect: "Allow", Action: "sqs:*", Resource: "*" }) },
    });
    await passed();
    const fn = await functionOf(name);
    const { id, outputs: first } = await create(MAPPING, {
      ...{ eventSourceArn: queue.outputs.arn, functionName: fn.outputs.arn },
    });
    assert.equal(first.state, "Creating");
    assert.equal(local.host.services.mappings.get(id)!.enabled, false);
    await assert.rejects(remove(MAPPING, id), refusal("ResourceInUseException", /in use/));
    await passed();
    assert.equal(local.host.services.mappings.get(id)!.enabled, true);
    assert.equal((await outputs(MAPPING, id)).state, "Enabled");
    const { inputs } = await ask<ResourceRecord>("read", MAPPING, id);
    const updated = await ask<Passing>("update", MAPPING, id, { inputs: { ...inputs, batchSize: 5 } });
    assert.equal(updated.state, "Updating");
    assert.equal(local.host.services.mappings.get(id)!.batchSize, 10);
    await passed();
    assert.equal((await remove(MAPPING, id)).state, "Deleting");
    assert.ok(local.host.services.mappings.get(id));
    await passed();
    assert.equal(local.host.services.mappings.get(id), undefined);
  });

  it("answers 404, then 500, until stage, route and permission have propagated", async () => {
    const name = await role();
    const api = await create("aws:apigatewayv2/api:Api", { protocolType: "HTTP" });
    await passed();
    const fn = await functionOf(name);
    await passed();
    const integration = await create("aws:apigatewayv2/integration:Integration", {
      ...{ apiId: api.id, integrationType: "AWS_PROXY", integrationUri: fn.outputs.invokeArn },
      payloadFormatVersion: "2.0",
    });
    const url = `${local.host.file.gatewayUrl}/in`;
    const status = async () => (await fetch(url, { method: "POST" })).status;
    await create("aws:apigatewayv2/stage:Stage", { apiId: api.id, name: "$default", autoDeploy: true });
    await create("aws:apigatewayv2/route:Route", {
      ...{ apiId: api.id, routeKey: "ANY /in", target: `integrations/${integration.id}` },
    });
    assert.equal(await status(), 404);
    await passed();
    await create("aws:lambda/permission:Permission", {
      ...{ action: "lambda:InvokeFunction", function: fn.id, principal: "apigateway.amazonaws.com" },
    });
    assert.equal(await status(), 500);
    await passed();
    assert.equal(await status(), 200);
  });

  describe("leaves the interfaces of a deleted function behind", () => {
    const GROUP = "aws:ec2/securityGroup:SecurityGroup";
    const { subnetId } = defaultVpc("us-east-1").subnets[0]!;
    const inUse = refusal("DependencyViolation", /dependent object/);

    async function madeInVpc(more: (spare: string) => Values): Promise<{ group: string; spare: string }> {
      const name = await role();
      const policy = document({ Effect: "Allow", Action: "ec2:*NetworkInterface*", Resource: "*" });
      await create("aws:iam/rolePolicy:RolePolicy", { role: name, policy });
      const [group, spare] = [await create(GROUP, {}), await create(GROUP, {})];
      await passed();
      const vpcConfig = { securityGroupIds: [group.id], subnetIds: [subnetId] };
      const { id } = await functionOf(name, { vpcConfig, ...more(spare.id) });
      await passed();
      await remove(FUNCTION, id);
      return { group: group.id, spare: spare.id };
    }

    it("in its group, which cannot be deleted until they are gone", async () => {
      const { group } = await madeInVpc(() => ({}));
      await assert.rejects(remove(GROUP, group), inUse);
      await passed();
      await remove(GROUP, group);
    });

    it("in its replacement groups, which cannot be deleted until they are gone", async () => {
      const { group, spare } = await madeInVpc((id) => ({
        ...{ replaceSecurityGroupsOnDestroy: true, replacementSecurityGroupIds: [id] },
      }));
      await remove(GROUP, group);
      await assert.rejects(remove(GROUP, spare), inUse);
    });
  });
});

describe("a host that is not slow", () => {
  it("reports no passing state for a new resource", async () => {
    const local = await testHost();
    try {
      const { inputs } = check(typeTable("aws:sqs/queue:Queue"), {
        ...{ name: "q", olds: {}, news: {}, region: "us-east-1", randomSeed: new Uint8Array([1]) },
      });
      const request = { urn: "urn:x::q", type: "aws:sqs/queue:Queue", inputs, known: [] };
      const made = await controlRequest<Created>(local.home, "/resources/create", request);
      assert.ok(!("state" in made));
    } finally {
      await local.remove();
    }
  });
});
