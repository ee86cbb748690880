import assert from "node:assert/strict";
import { defaultVpc, defaultVpcPart } from "../../../../../local/region";
import { functionCode, type TestHost, testHost } from "../../../../support/host";
import type { FullVpc } from "../../../../support/network";
import { Account, functionRole, someonesVpc, types } from "../../../../support/network";

const standard = defaultVpc("us-east-1");
const defaultGroup = defaultVpcPart("sg", "us-east-1");
const interfaces = (...actions: string[]) => ({
  Effect: "Allow",
  Action: actions.map((action) => `ec2:${action}`),
  Resource: "*",
});
const ALL = ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface"];

describe("functions in a VPC", function () {
  this.timeout(20_000);
  let local: TestHost;
  let account: Account;
  let vpc: FullVpc;
  let groupId: string;
  beforeEach(async () => {
    local = await testHost();
    account = new Account(local.home);
    vpc = await someonesVpc(account);
    groupId = (await account.create(types.group, "worker", { vpcId: vpc.vpcId })).id;
  });
  afterEach(() => local.remove());

  const place = (more = {}) => ({ subnetIds: [vpc.privateSubnetId], securityGroupIds: [groupId], ...more });
  const inputs = (role: string, vpcConfig: object | undefined, more = {}) => ({
    name: "orders",
    role,
    code: functionCode("exports.handler = async () => 1"),
    handler: "index.handler",
    runtime: "nodejs24.x",
    vpcConfig,
    ...more,
  });
  const make = async (vpcConfig: object | undefined, more = {}, actions = ALL) => {
    const role = await functionRole(account, `role-${actions.length}`, [interfaces(...actions)]);
    return account.create(types.function, "orders", inputs(role, vpcConfig, more));
  };

  for (const [at, action] of ALL.entries()) {
    it(`need ec2:${action} of their role`, async () => {
      const words = `The provided execution role does not have permissions to call ${action} on EC2`;
      await assert.rejects(make(place(), {}, ALL.toSpliced(at, 1)), new RegExp(words));
    });
  }

  it("need ec2:DeleteNetworkInterface for all interfaces, as AWS checks it", async () => {
    const some = {
      Effect: "Allow",
      Action: "ec2:*",
      Resource: "arn:aws:ec2:us-east-1:000000000000:network-interface/*",
    };
    const rest = interfaces("CreateNetworkInterface", "DescribeNetworkInterfaces");
    const role = await functionRole(account, "narrow", [some, rest]);
    await assert.rejects(
      account.create(types.function, "orders", inputs(role, place())),
      /call DeleteNetworkInterface/,
    );
  });

  it("need permissions on interfaces also when they move into a VPC later", async () => {
    const role = await functionRole(account, "none", [interfaces("DescribeSubnets")]);
    const { id } = await account.create(types.function, "orders", inputs(role, undefined));
    await assert.rejects(
      account.update(types.function, "orders", id, inputs(role, place())),
      /CreateNetworkInterface/,
    );
  });

  for (const [what, config, error] of [
    [
      "a subnet that does not exist",
      () => place({ subnetIds: ["subnet-0"] }),
      /DescribeSubnets.*InvalidSubnetID\.NotFound/,
    ],
    [
      "a group that does not exist",
      () => place({ securityGroupIds: ["sg-0"] }),
      /DescribeSecurityGroups.*InvalidGroup/,
    ],
    [
      "a group of another VPC",
      () => place({ securityGroupIds: [defaultGroup] }),
      /Security Groups are required to be in the same VPC/,
    ],
    [
      "subnets of two VPCs",
      () => place({ subnetIds: [vpc.privateSubnetId, standard.subnets[0]!.subnetId] }),
      /Subnets are required/,
    ],
    ["subnets and no group", () => place({ securityGroupIds: [] }), /must coexist or be both empty/],
    ["IPv6 in a subnet without", () => place({ ipv6AllowedForDualStack: true }), /Ipv6AllowedForDualStack/],
  ] as [string, () => object, RegExp][]) {
    it(`cannot be created with ${what}`, () => assert.rejects(make(config()), error));
  }

  it("keep their subnet and groups from deletion until they are deleted themselves", async () => {
    const { id } = await make(place());
    const interfacesOf = () =>
      local.host.services.network.in("us-east-1").interfaces.map(({ owner }) => owner);
    assert.ok(interfacesOf().includes("function orders"));
    await assert.rejects(account.remove(types.group, "worker", groupId), /DependencyViolation/);
    await assert.rejects(account.remove(types.subnet, "private", vpc.privateSubnetId), /DependencyViolation/);
    await account.remove(types.function, "orders", id);
    assert.equal(interfacesOf().includes("function orders"), false);
    await account.remove(types.group, "worker", groupId);
    await account.remove(types.subnet, "private", vpc.privateSubnetId);
  });

  it("move to their replacement groups before deletion, which must be valid for their VPC", async () => {
    const replacing = { replaceSecurityGroupsOnDestroy: true };
    const { id } = await make(place(), { ...replacing, replacementSecurityGroupIds: [defaultGroup] });
    await assert.rejects(account.remove(types.function, "orders", id), /in the same VPC/);
    const { vpcId } = vpc;
    const { groupId: ofVpc } = local.host.services.network.in("us-east-1").vpcs.get(vpcId)!;
    const { inputs: kept } = await account.read(types.function, id);
    const update = {
      ...inputs(String(kept.role), place()),
      ...replacing,
      replacementSecurityGroupIds: [ofVpc],
    };
    await account.update(types.function, "orders", id, update);
    await account.remove(types.function, "orders", id);
  });

  it("stay in their VPC after a restart", async () => {
    await make(place({ ipv6AllowedForDualStack: false }));
    await local.restart();
    assert.deepEqual(local.host.services.functions.get("orders")?.vpcConfig, { ...place(), ipv6: false });
    assert.deepEqual(local.host.status().broken, []);
  });
});

describe("instances in a VPC", function () {
  this.timeout(20_000);
  let local: TestHost;
  let account: Account;
  beforeEach(async () => {
    local = await testHost();
    account = new Account(local.home);
  });
  afterEach(() => local.remove());

  const instance = (more: object) =>
    account.create(types.instance, "host", {
      ami: "ami-0",
      instanceType: "t4g.small",
      userData: "#!/bin/bash\n",
      ...more,
    });

  it("have an interface, by default in the default VPC and with its group", async () => {
    const { id, outputs } = await instance({});
    const [only] = local.host.services.network.in("us-east-1").interfaces;
    assert.equal(only?.owner, `instance ${id}`);
    assert.deepEqual([only.subnetId, only.groupIds], [outputs.subnetId, [defaultGroup]]);
    assert.match(only.address, /^172\.31\.\d+\.\d+$/);
  });

  it("cannot be created in a subnet that does not exist, or with a group of another VPC", async () => {
    const { publicSubnetId } = await someonesVpc(account);
    await assert.rejects(instance({ subnetId: "subnet-0" }), /InvalidSubnetID\.NotFound/);
    const foreign = { subnetId: publicSubnetId, vpcSecurityGroupIds: [defaultGroup] };
    await assert.rejects(instance(foreign), /belong to different networks/);
  });
});
