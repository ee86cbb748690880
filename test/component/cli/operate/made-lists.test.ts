import assert from "node:assert/strict";
import { lists } from "../../../../cli/operate/made-lists";
import type { AwsPlace } from "../../../../cli/operate/signed-call";
import { capturedIo } from "../../../support/captured-io";
import { functionCode, resources, type TestHost, testHost } from "../../../support/host";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
});

describe("a resource without tags is found in a list", function () {
  this.timeout(20_000);
  let local: TestHost;
  let place: AwsPlace;

  before(async () => {
    local = await testHost();
    place = { home: local.home, target: "local", region: "us-east-1", io: capturedIo() };
  });
  after(() => local?.remove());

  const create = (type: string, name: string, news: Record<string, unknown>) =>
    resources(local).create(type, name, news);

  const newRole = () => create("aws:iam/role:Role", "role", { assumeRolePolicy: trust });
  const newFunction = (role: Awaited<ReturnType<typeof newRole>>) =>
    create("aws:lambda/function:Function", "fn", {
      ...{ role: role.outputs.arn, code: functionCode("exports.handler = async () => 1") },
      ...{ handler: "index.handler", runtime: "nodejs24.x" },
    });

  it("as the mapping of a queue, by the function that it feeds", async () => {
    const role = await newRole();
    const statement = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
    await create("aws:iam/rolePolicy:RolePolicy", "policy", {
      ...{ role: role.id, policy: JSON.stringify({ Version: "2012-10-17", Statement: statement }) },
    });
    const [fn, queue] = [await newFunction(role), await create("aws:sqs/queue:Queue", "queue", {})];
    const inputs = { eventSourceArn: queue.outputs.arn, functionName: fn.outputs.arn };
    assert.deepEqual(await lists.mappings(inputs, place), []);
    const { id } = await create("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping", inputs);
    assert.deepEqual(await lists.mappings(inputs, place), [id]);
    assert.deepEqual(await lists.mappings({ ...inputs, eventSourceArn: "arn:other" }, place), []);
  });

  it("as the target of a rule, by the function that it starts", async () => {
    const fn = await newFunction(await newRole());
    const rule = await create("aws:cloudwatch/eventRule:EventRule", "rule", {
      scheduleExpression: "rate(1 minute)",
    });
    const inputs = { rule: rule.id, arn: fn.outputs.arn };
    assert.deepEqual(await lists.targets(inputs, place), []);
    const { id } = await create("aws:cloudwatch/eventTarget:EventTarget", "target", inputs);
    assert.deepEqual(await lists.targets(inputs, place), [id]);
    assert.deepEqual(await lists.targets({ ...inputs, arn: "arn:other" }, place), []);
    assert.deepEqual(await lists.targets({ ...inputs, rule: "gone" }, place), []);
  });

  it("as the subscription of a topic, by its address", async () => {
    const topic = await create("aws:sns/topic:Topic", "topic", {});
    const inputs = { topic: topic.id, protocol: "email", endpoint: "a@example.com" };
    const { id } = await create("aws:sns/topicSubscription:TopicSubscription", "subscription", inputs);
    assert.deepEqual(await lists.subscriptions(inputs, place), [id]);
    assert.deepEqual(await lists.subscriptions({ ...inputs, endpoint: "b@example.com" }, place), []);
    assert.deepEqual(await lists.subscriptions({ ...inputs, topic: `${topic.id}x` }, place), []);
  });

  it("as the association of a subnet, by its route table", async () => {
    const vpc = await create("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.90.0.0/16" });
    const subnet = await create("aws:ec2/subnet:Subnet", "subnet", {
      ...{ vpcId: vpc.id, cidrBlock: "10.90.1.0/24" },
    });
    const table = await create("aws:ec2/routeTable:RouteTable", "table", { vpcId: vpc.id });
    const inputs = { routeTableId: table.id, subnetId: subnet.id };
    assert.deepEqual(await lists.associations(inputs, place), []);
    const { id } = await create("aws:ec2/routeTableAssociation:RouteTableAssociation", "one", inputs);
    assert.deepEqual(await lists.associations(inputs, place), [id]);
    assert.deepEqual(await lists.associations({ ...inputs, routeTableId: "rtb-1" }, place), []);
  });

  it("and the list is empty when its parent does not exist", async () => {
    assert.deepEqual(await lists.apiMappings({ domainName: "hooks.example.com" }, place), []);
    assert.deepEqual(await lists.routes({ apiId: "a1", routeKey: "ANY /x" }, place), []);
    assert.deepEqual(await lists.statements({ function: "gone" }, place), []);
  });
});
