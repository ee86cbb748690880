import assert from "node:assert/strict";
import { hostResources } from "../../../../../local/provider/host-resources";
import { invoke } from "../../../../../local/provider/invokes";
import type { Values } from "../../../../../local/provider/values";
import { defaultVpc, defaultVpcPart } from "../../../../../local/region";
import { type TestHost, testHost } from "../../../../support/host";
import { Account, type FullVpc, someonesVpc, types } from "../../../../support/network";

const standard = defaultVpc("us-east-1");
const filter = (name: string, ...values: string[]) => ({ name, values });

describe("lookups of networks", function () {
  this.timeout(20_000);
  let local: TestHost;
  let account: Account;
  let vpc: FullVpc;
  before(async () => {
    local = await testHost();
    account = new Account(local.home);
    vpc = await someonesVpc(account, { zone: "us-east-1b" });
  });
  after(() => local.remove());

  const ask = (name: string, args: Values, home = local.home): Promise<Values> =>
    invoke(`aws:ec2/${name}:${name}`, args, "us-east-1", hostResources(home));
  const subnets = async (...filters: object[]) => (await ask("getSubnets", { filters })).ids;

  describe("without a host", () => {
    const nowhere = "/nowhere";
    it("find the default VPC with its subnets and its group", async () => {
      assert.equal((await ask("getVpc", { default: true }, nowhere)).id, standard.vpcId);
      const filters = [filter("vpc-id", standard.vpcId), filter("default-for-az", "true")];
      const { ids } = await ask("getSubnets", { filters }, nowhere);
      assert.deepEqual(
        ids,
        standard.subnets.map(({ subnetId }) => subnetId),
      );
      const group = await ask("getSecurityGroup", { vpcId: standard.vpcId, name: "default" }, nowhere);
      assert.equal(group.id, defaultVpcPart("sg", "us-east-1"));
    });

    for (const [name, args] of [
      ["getVpc", { id: "vpc-1" }],
      ["getSubnets", { filters: [filter("vpc-id", "vpc-1")] }],
      ["getSubnet", { id: "subnet-1" }],
      ["getSecurityGroup", { vpcId: "vpc-1", name: "default" }],
    ] as [string, Values][]) {
      it(`say that ${name} of another VPC needs a host`, () =>
        assert.rejects(ask(name, args, nowhere), { code: "HOST_NOT_RUNNING" }));
    }
  });

  it("find a VPC that somebody made, by id, filter or block", async () => {
    for (const args of [
      { id: vpc.vpcId },
      { filters: [filter("vpc-id", vpc.vpcId)] },
      { cidrBlock: "10.20.0.0/16" },
      { filters: [filter("is-default", "false")] },
    ]) {
      const { id, cidrBlock, default: isDefault, mainRouteTableId } = await ask("getVpc", args);
      assert.deepEqual([id, cidrBlock, isDefault], [vpc.vpcId, "10.20.0.0/16", false]);
      assert.match(String(mainRouteTableId), /^rtb-/);
    }
  });

  it("read the resources of a host that does not run", async () => {
    await local.host.close();
    try {
      assert.equal((await ask("getVpc", { id: vpc.vpcId })).cidrBlock, "10.20.0.0/16");
      const group = await ask("getSecurityGroup", { vpcId: vpc.vpcId, name: "default" });
      assert.equal(group.vpcId, vpc.vpcId);
      await assert.rejects(ask("getVpc", { id: "vpc-0" }), /InvalidVpcID\.NotFound/);
    } finally {
      await local.restart();
    }
  });

  it("fail as on AWS when they find none or too many", async () => {
    await assert.rejects(ask("getVpc", { id: "vpc-0" }), /InvalidVpcID\.NotFound/);
    await assert.rejects(ask("getVpc", {}), /multiple EC2 VPCs matched/);
    await assert.rejects(ask("getSecurityGroup", { name: "default" }), /multiple EC2 Security Groups/);
    await assert.rejects(ask("getSecurityGroup", { name: "none" }), /InvalidGroup\.NotFound/);
    await assert.rejects(ask("getSubnet", { vpcId: vpc.vpcId }), /2 subnets fit; exactly one must/);
    await assert.rejects(ask("getVpc", { filters: [filter("owner-id", "1")] }), /no filter "owner-id"/);
  });

  it("tell a VPC's public subnets from its private ones, by zone", async () => {
    const ofVpc = filter("vpc-id", vpc.vpcId);
    const open = (yes: boolean) => filter("map-public-ip-on-launch", String(yes));
    assert.deepEqual(await subnets(ofVpc), [vpc.publicSubnetId, vpc.privateSubnetId]);
    assert.deepEqual(await subnets(ofVpc, open(true)), [vpc.publicSubnetId]);
    assert.deepEqual(await subnets(ofVpc, open(false), filter("availability-zone", "us-east-1b")), [
      vpc.privateSubnetId,
    ]);
    assert.deepEqual(await subnets(ofVpc, filter("availability-zone", "us-east-1a")), []);
    assert.deepEqual(await subnets(ofVpc, filter("default-for-az", "true")), []);
  });

  it("describe a subnet as AWS does", async () => {
    const subnet = await ask("getSubnet", { id: vpc.privateSubnetId });
    const { vpcId, cidrBlock, availabilityZone, availableIpAddressCount, mapPublicIpOnLaunch } = subnet;
    assert.deepEqual(
      [vpcId, cidrBlock, availabilityZone, availableIpAddressCount, mapPublicIpOnLaunch],
      [vpc.vpcId, "10.20.1.0/24", "us-east-1b", 251, false],
    );
  });

  it("find a VPC's own group, and one that was made in it", async () => {
    const own = await ask("getSecurityGroup", { vpcId: vpc.vpcId, name: "default" });
    const { defaultSecurityGroupId } = (await account.read(types.vpc, vpc.vpcId)).outputs;
    assert.equal(own.id, defaultSecurityGroupId);
    const { id } = await account.create(types.group, "worker", { vpcId: vpc.vpcId, tags: { of: "orders" } });
    const found = await ask("getSecurityGroup", { tags: { of: "orders" } });
    assert.deepEqual([found.id, found.vpcId], [id, vpc.vpcId]);
  });

  it("see a subnet that was added to the default VPC", async () => {
    const inputs = { vpcId: standard.vpcId, cidrBlock: "172.31.48.0/24", availabilityZone: "us-east-1a" };
    const { id } = await account.create(types.subnet, "added", inputs);
    const all = await subnets(filter("vpc-id", standard.vpcId));
    assert.deepEqual(all, [...standard.subnets.map(({ subnetId }) => subnetId), id]);
  });
});
