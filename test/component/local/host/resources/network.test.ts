import assert from "node:assert/strict";
import { formatCidr, parseCidr } from "../../../../../local/cidr";
import { generatedBlock } from "../../../../../local/host/resources/vpc";
import { defaultVpc, defaultVpcPart } from "../../../../../local/region";
import { type TestHost, testHost } from "../../../../support/host";
import { Account, someonesVpc, types } from "../../../../support/network";

const standard = defaultVpc("us-east-1");
const defaultGroup = defaultVpcPart("sg", "us-east-1");

describe("the IPv6 block of a VPC", () => {
  it("is written without leading zeros, whatever its number", () => {
    assert.equal(generatedBlock(0xc3c2, 4), "2001:db8:c3c2:400::/56");
    assert.equal(generatedBlock(0x0a, 0xff), "2001:db8:a:ff00::/56");
    for (let i = 0; i < 50; i++) {
      const block = generatedBlock();
      assert.equal(formatCidr(parseCidr(block)!), block);
    }
  });
});

describe("networks on the host", function () {
  this.timeout(20_000);
  let local: TestHost;
  let account: Account;
  beforeEach(async () => {
    local = await testHost();
    account = new Account(local.home);
  });
  afterEach(() => local.remove());

  const make = async (type: string, name: string, inputs = {}) =>
    (await account.create(type, name, inputs)).id;
  const vpc = (cidrBlock = "10.1.0.0/16", more = {}) => make(types.vpc, "vpc", { cidrBlock, ...more });

  it("are created with all their parts, and leave nothing behind when all are deleted", async () => {
    const made = await someonesVpc(account);
    const network = local.host.services.network.in("us-east-1");
    assert.equal(network.vpcs.size, 2);
    assert.deepEqual(
      network.interfaces.map(({ owner, subnetId }) => [owner, subnetId]),
      [[`NAT gateway ${made.natGatewayId}`, made.publicSubnetId]],
    );
    await account.removeAll();
    assert.equal(local.host.services.network.in("us-east-1").vpcs.size, 1);
  });

  it("come back after a restart of the host", async () => {
    const { vpcId, privateSubnetId } = await someonesVpc(account);
    await local.restart();
    assert.deepEqual(local.host.status().broken, []);
    assert.equal(local.host.services.network.in("us-east-1").subnets.get(privateSubnetId)?.vpcId, vpcId);
  });

  it("get a route table, a group and, on request, an IPv6 block of their own", async () => {
    const { id, outputs } = await account.create(types.vpc, "vpc", {
      cidrBlock: "10.1.0.0/16",
      assignGeneratedIpv6CidrBlock: true,
    });
    assert.match(String(outputs.ipv6CidrBlock), /^2001:db8:[0-9a-f]{1,4}:([0-9a-f]{1,2}00|0)::\/56$/);
    assert.equal(outputs.mainRouteTableId, outputs.defaultRouteTableId);
    const { groups } = local.host.services.network.in("us-east-1");
    assert.equal(groups.get(String(outputs.defaultSecurityGroupId))?.vpcId, id);
    const again = await account.update(types.vpc, "vpc", id, {
      cidrBlock: "10.1.0.0/16",
      assignGeneratedIpv6CidrBlock: true,
      enableDnsHostnames: true,
    });
    assert.deepEqual(again.outputs, outputs);
  });

  it("are limited to five VPCs and five addresses, the default VPC included", async () => {
    for (let i = 1; i < 5; i++) await make(types.vpc, `vpc${i}`, { cidrBlock: `10.${i}.0.0/16` });
    await assert.rejects(vpc("10.9.0.0/16"), /VpcLimitExceeded/);
    for (let i = 0; i < 5; i++) await make(types.eip, `address${i}`);
    await assert.rejects(make(types.eip, "sixth"), /AddressLimitExceeded/);
  });

  for (const [cidrBlock, why] of [
    ["10.0.0.0/15", "too wide"],
    ["10.0.0.0/29", "too narrow"],
    ["10.0.0.1/16", "no start of a block"],
    ["2001:db8::/32", "not of IPv4"],
  ]) {
    it(`refuse the block ${cidrBlock}: it is ${why}`, () =>
      assert.rejects(vpc(cidrBlock), /InvalidVpc\.Range/));
  }

  describe("and their subnets", () => {
    const subnet = (vpcId: string, cidrBlock: string, more = {}) =>
      make(types.subnet, cidrBlock, { vpcId, cidrBlock, ...more });

    it("must lie in their VPC and apart from each other", async () => {
      const vpcId = await vpc();
      await subnet(vpcId, "10.1.0.0/24");
      await subnet(vpcId, "10.1.1.0/24");
      await assert.rejects(subnet(vpcId, "10.2.0.0/24"), /InvalidSubnet\.Range.*10\.2\.0\.0\/24/);
      await assert.rejects(subnet(vpcId, "10.1.0.0/23"), /InvalidSubnet\.Conflict.*conflicts with another/);
      await assert.rejects(subnet(vpcId, "10.1.9.0/29"), /InvalidSubnet\.Range/);
      await assert.rejects(subnet("vpc-0", "10.1.9.0/24"), /InvalidVpcID\.NotFound/);
      await assert.rejects(subnet(standard.vpcId, "172.31.0.0/24"), /InvalidSubnet\.Conflict/);
    });

    it("take an IPv6 block of their VPC, and keep that block from removal", async () => {
      const dual = { cidrBlock: "10.1.0.0/16", assignGeneratedIpv6CidrBlock: true };
      const { id: vpcId, outputs } = await account.create(types.vpc, "vpc", dual);
      const block = (n: number) => String(outputs.ipv6CidrBlock).replace("00::/56", `0${n}::/64`);
      await subnet(vpcId, "10.1.0.0/24", { ipv6CidrBlock: block(1) });
      await assert.rejects(
        subnet(vpcId, "10.1.1.0/24", { ipv6CidrBlock: block(1) }),
        /InvalidSubnet\.Conflict/,
      );
      const foreign = { ipv6CidrBlock: "2001:db8:ffff:ff01::/64" };
      await assert.rejects(subnet(vpcId, "10.1.1.0/24", foreign), /InvalidSubnet\.Range/);
      await assert.rejects(
        account.update(types.vpc, "vpc", vpcId, { cidrBlock: "10.1.0.0/16" }),
        /InvalidCidrBlock\.InUse/,
      );
    });

    it("must stand in zones of their region", async () => {
      const vpcId = await vpc();
      const elsewhere = { availabilityZone: "eu-west-1a" };
      await assert.rejects(subnet(vpcId, "10.1.0.0/24", elsewhere), /InvalidParameterValue.*us-east-1c/);
    });
  });

  it("cannot be deleted while anything is in them", async () => {
    const { vpcId } = await someonesVpc(account);
    await assert.rejects(account.remove(types.vpc, "vpc", vpcId), /DependencyViolation.*has dependencies/);
    const other = await make(types.vpc, "other", { cidrBlock: "10.9.0.0/16" });
    const group = await make(types.group, "group", { vpcId: other });
    await assert.rejects(account.remove(types.vpc, "other", other), /DependencyViolation/);
    await account.remove(types.group, "group", group);
    await account.remove(types.vpc, "other", other);
  });

  describe("and their gateways", () => {
    it("to the internet are limited to one per VPC", async () => {
      const vpcId = await vpc();
      const first = await make(types.internetGateway, "first", { vpcId });
      await assert.rejects(
        make(types.internetGateway, "second", { vpcId }),
        /already has an internet gateway/,
      );
      const ofDefault = { vpcId: standard.vpcId };
      await assert.rejects(
        make(types.internetGateway, "third", ofDefault),
        /already has an internet gateway/,
      );
      const loose = await make(types.internetGateway, "loose");
      await account.update(types.internetGateway, "first", first, {});
      await account.update(types.internetGateway, "loose", loose, { vpcId });
    });

    it("to the internet are deleted only after the addresses behind them", async () => {
      const { internetGatewayId, natGatewayId } = await someonesVpc(account);
      let gone = false;
      const leaving = account.remove(types.internetGateway, "gateway", internetGatewayId).then(() => {
        gone = true;
      });
      await new Promise((next) => setTimeout(next, 200));
      assert.equal(gone, false);
      await account.remove(types.natGateway, "nat", natGatewayId);
      await leaving;
    });

    it("for NAT need a subnet, an address of their own and an internet gateway", async () => {
      const vpcId = await vpc();
      const subnetId = await make(types.subnet, "subnet", { vpcId, cidrBlock: "10.1.0.0/24" });
      const allocationId = await make(types.eip, "address");
      const nat = (inputs: object, name = "nat") =>
        make(types.natGateway, name, { subnetId, allocationId, ...inputs });
      await assert.rejects(nat({}), /Gateway\.NotAttached/);
      await make(types.internetGateway, "gateway", { vpcId });
      await assert.rejects(nat({ subnetId: "subnet-0" }), /InvalidSubnetID\.NotFound/);
      await assert.rejects(nat({ allocationId: "eipalloc-0" }), /InvalidAllocationID\.NotFound/);
      await nat({});
      await assert.rejects(nat({}, "second"), /Resource\.AlreadyAssociated/);
      await assert.rejects(account.remove(types.eip, "address", allocationId), /InvalidIPAddress\.InUse/);
      await assert.rejects(account.remove(types.subnet, "subnet", subnetId), /DependencyViolation/);
    });
  });

  describe("and their routes", () => {
    it("must lead to existing gateways of their own VPC", async () => {
      const { privateTableId, natGatewayId } = await someonesVpc(account, { nat: false });
      const route = (name: string, inputs: object) =>
        make(types.route, name, {
          routeTableId: privateTableId,
          destinationCidrBlock: "0.0.0.0/0",
          ...inputs,
        });
      await assert.rejects(route("a", { natGatewayId: "nat-0" }), /InvalidNatGatewayID\.NotFound/);
      await assert.rejects(route("b", { gatewayId: "igw-0" }), /InvalidInternetGatewayID\.NotFound/);
      await assert.rejects(route("c", { gatewayId: "eigw-0" }), /InvalidGatewayID\.NotFound/);
      const foreign = defaultVpcPart("igw", "us-east-1");
      await assert.rejects(route("d", { gatewayId: foreign }), /belong to different networks/);
      await assert.rejects(
        route("e", { natGatewayId, routeTableId: "rtb-0" }),
        /InvalidRouteTableID\.NotFound/,
      );
      assert.match(await route("f", { natGatewayId }), /^r-rtb-[0-9a-f]{17}\d+$/);
      await assert.rejects(route("g", { natGatewayId }), /RouteAlreadyExists/);
    });

    it("become black holes when their gateway is deleted", async () => {
      const { natGatewayId, privateTableId } = await someonesVpc(account, { nat: false });
      const destination = { routeTableId: privateTableId, destinationCidrBlock: "0.0.0.0/0" };
      const id = await make(types.route, "way", { ...destination, natGatewayId });
      assert.equal((await account.read(types.route, id)).outputs.state, "active");
      await account.remove(types.natGateway, "nat", natGatewayId);
      assert.equal((await account.read(types.route, id)).outputs.state, "blackhole");
    });

    it("inside of a table follow the same rules, and a subnet has one table", async () => {
      const { vpcId, privateSubnetId } = await someonesVpc(account);
      const table = (routes: object[]) => make(types.table, "own", { vpcId, routes });
      await assert.rejects(table([{ cidrBlock: "0.0.0.0/0", natGatewayId: "nat-0" }]), /InvalidNatGateway/);
      const gateway = await make(types.egressOnlyGateway, "out", { vpcId });
      await assert.rejects(
        table([{ cidrBlock: "0.0.0.0/0", egressOnlyGatewayId: gateway }]),
        /cannot be routed/,
      );
      const routeTableId = await table([{ ipv6CidrBlock: "::/0", egressOnlyGatewayId: gateway }]);
      const associate = (inputs: object) => make(types.association, "own", inputs);
      await assert.rejects(associate({ routeTableId, subnetId: privateSubnetId }), /AlreadyAssociated/);
      const foreign = { routeTableId, subnetId: standard.subnets[0]!.subnetId };
      await assert.rejects(associate(foreign), /belong to different networks/);
    });
  });

  describe("and their security groups", () => {
    it("need a name that is unique in their VPC, which must exist", async () => {
      await make(types.group, "one", { name: "shop" });
      await assert.rejects(make(types.group, "two", { name: "shop" }), /InvalidGroup\.Duplicate/);
      await make(types.group, "three", { name: "shop", vpcId: await vpc() });
      await assert.rejects(make(types.group, "four", { vpcId: "vpc-0" }), /InvalidVpcID\.NotFound/);
      await assert.rejects(make(types.group, "five", { name: "default" }), /InvalidGroup\.Duplicate/);
    });

    it("take rules with one existing peer, each only once", async () => {
      const securityGroupId = await make(types.group, "group");
      const rule = (name: string, inputs: object) =>
        make(types.egressRule, name, {
          securityGroupId,
          ipProtocol: "tcp",
          fromPort: 1,
          toPort: 2,
          ...inputs,
        });
      await rule("a", { cidrIpv4: "10.0.0.0/8" });
      await assert.rejects(rule("b", { cidrIpv4: "10.0.0.0/8" }), /InvalidPermission\.Duplicate/);
      await assert.rejects(rule("c", { cidrIpv4: "10.0.0.1/8" }), /malformed/);
      await assert.rejects(rule("d", {}), /InvalidParameterCombination/);
      await assert.rejects(rule("e", { referencedSecurityGroupId: "sg-0" }), /InvalidGroup\.NotFound/);
      await rule("f", { referencedSecurityGroupId: defaultGroup });
    });

    it("cannot be deleted as long as a rule of another group names them", async () => {
      const named = await make(types.group, "named");
      const securityGroupId = await make(types.group, "group");
      const rule = { securityGroupId, ipProtocol: "-1", referencedSecurityGroupId: named };
      const ruleId = await make(types.ingressRule, "rule", rule);
      await assert.rejects(
        account.remove(types.group, "named", named),
        /DependencyViolation.*dependent object/,
      );
      await account.remove(types.ingressRule, "rule", ruleId);
      await account.remove(types.group, "named", named);
    });
  });
});
