import assert from "node:assert/strict";
import { architectureOf } from "../../../infra/architecture";
import { ipv6Subnet } from "../../../infra/network/ipv6-subnet";
import { pipelineGraph } from "../../support/program-runs";
import { type Graph, gatewayStack, type RunOptions } from "../../support/pulumi-mocks";

const FUNCTION = "aws:lambda/function:Function";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const up = (config: Record<string, string>, options: RunOptions = {}) =>
  pipelineGraph({ config, ...options });
const vpcConfig = (graph: Graph, suffix: string) => graph.one(FUNCTION, suffix).inputs.vpcConfig;
const hostSubnet = (graph: Graph) => graph.one("aws:ec2/instance:Instance").inputs.subnetId;

/** Which subnets were looked for, by the last filter. */
const lookups = (graph: Graph) =>
  graph.invokes
    .filter(({ token }) => token === "aws:ec2/getSubnets:getSubnets")
    .map(({ inputs }) =>
      inputs.filters.map((one: { name: string; values: string[] }) => `${one.name}=${one.values}`),
    );

describe("a new VPC", () => {
  it("a new VPC has one public subnet in the zone of the volume, for host and functions", async () => {
    const graph = await up({ "nami:vpc": "new" });
    const { inputs } = graph.one("awsx:ec2:Vpc");
    assert.deepEqual(inputs.availabilityZoneNames, ["us-east-1a"]);
    assert.deepEqual(inputs.subnetSpecs, [{ type: "Public", cidrMask: 24 }]);
    assert.deepEqual(inputs.natGateways, { strategy: "None" });
    assert.equal(inputs.assignGeneratedIpv6CidrBlock, true);
    assert.equal(hostSubnet(graph), "subnet-public");
    assert.deepEqual(vpcConfig(graph, "-post-queue"), {
      subnetIds: ["subnet-public"],
      securityGroupIds: ["nami-orders-worker-1"],
    });
    for (const group of graph.all(GROUP)) assert.equal(group.inputs.vpcId, "vpc-new");
    assert.equal(graph.all("awsx:ec2:DefaultVpc").length, 0);
  });

  it("a new VPC with a NAT gateway has a private subnet for the functions, and a way out for the worker alone", async () => {
    const graph = await up({ "nami:vpc": "new", "nami:egress": "nat" });
    const { inputs } = graph.one("awsx:ec2:Vpc");
    assert.deepEqual(
      inputs.subnetSpecs.map(({ type }: { type: string }) => type),
      ["Public", "Private"],
    );
    assert.deepEqual(inputs.natGateways, { strategy: "Single" });
    assert.equal(hostSubnet(graph), "subnet-public");
    assert.deepEqual(vpcConfig(graph, "-post-queue"), {
      subnetIds: ["subnet-private"],
      securityGroupIds: ["nami-orders-worker-1", "nami-orders-egress-1"],
    });
    assert.deepEqual(vpcConfig(graph, "-operator").securityGroupIds, ["nami-orders-worker-1"]);
    const rule = graph.one(EGRESS, "-egress").inputs;
    assert.deepEqual([rule.ipProtocol, rule.cidrIpv4, rule.cidrIpv6], ["-1", "0.0.0.0/0", undefined]);
  });

  it("a new VPC with IPv6 has a dual-stack subnet behind an egress-only gateway", async () => {
    const graph = await up({ "nami:vpc": "new", "nami:egress": "ipv6" });
    assert.equal(graph.one("awsx:ec2:Vpc").inputs.assignGeneratedIpv6CidrBlock, true);
    const subnet = graph.one("aws:ec2/subnet:Subnet").inputs;
    assert.equal(subnet.ipv6CidrBlock, "2600:1f13:abc:de80::/64");
    assert.equal(subnet.availabilityZone, "us-east-1a");
    assert.deepEqual(graph.one("aws:ec2/routeTable:RouteTable").inputs.routes, [
      { ipv6CidrBlock: "::/0", egressOnlyGatewayId: "nami-orders-ipv6-1" },
    ]);
    assert.deepEqual(graph.one("aws:ec2/routeTableAssociation:RouteTableAssociation").inputs, {
      routeTableId: "nami-orders-ipv6-1",
      subnetId: "nami-orders-ipv6-1",
    });
    assert.deepEqual(vpcConfig(graph, "-post-queue"), {
      subnetIds: ["nami-orders-ipv6-1"],
      securityGroupIds: ["nami-orders-worker-1", "nami-orders-egress-1"],
      ipv6AllowedForDualStack: true,
    });
    assert.equal(vpcConfig(graph, "-operator").ipv6AllowedForDualStack, undefined);
    assert.equal(graph.one(EGRESS, "-egress").inputs.cidrIpv6, "::/0");
  });
});

describe("your own VPC", () => {
  const vpc = { "nami:vpc": "vpc-0a1b2c3d" };

  it("the host in your own VPC takes the first public subnet in the zone of the volume", async () => {
    const graph = await up(vpc, { subnets: ["subnet-b", "subnet-a"] });
    assert.equal(hostSubnet(graph), "subnet-a");
    assert.deepEqual(vpcConfig(graph, "-post-queue").subnetIds, ["subnet-a"]);
    assert.deepEqual(lookups(graph), [
      ["vpc-id=vpc-0a1b2c3d", "availability-zone=us-east-1a", "map-public-ip-on-launch=true"],
    ]);
  });

  for (const [egress, filter] of [
    ["nat", "map-public-ip-on-launch=false"],
    ["ipv6", "ipv6-cidr-block-association.state=associated"],
  ] as const)
    it(`--egress ${egress} in your own VPC looks for functions' subnets with ${filter}`, async () => {
      const graph = await up({ ...vpc, "nami:egress": egress });
      assert.deepEqual(
        lookups(graph).map((filters) => filters.at(-1)),
        ["map-public-ip-on-launch=true", filter],
      );
    });

  it("the error names the subnet that your own VPC lacks", async () => {
    await assert.rejects(up(vpc, { subnets: [] }), {
      code: "VPC_SUBNET_MISSING",
      message:
        "There is no public subnet of vpc-0a1b2c3d in us-east-1a, the zone of the data volume, or no such VPC. Nothing was begun in it.",
      hint: "aws ec2 describe-subnets --filters Name=vpc-id,Values=vpc-0a1b2c3d",
    });
  });

  it("functions reach your own MongoDB from your own VPC", async () => {
    const graph = await pipelineGraph({
      stacks: { "nami-gateway/local-us-east-1": gatewayStack },
      config: { ...vpc, "nami:mongoUri": "mongodb://db.internal/" },
      secretKeys: ["nami:mongoUri"],
      subnets: ["subnet-b", "subnet-a"],
    });
    assert.deepEqual(vpcConfig(graph, "-post-queue").subnetIds, ["subnet-a", "subnet-b"]);
    assert.deepEqual(
      graph.all(GROUP).map(({ name }) => name),
      ["nami-orders-worker"],
    );
    const rule = graph.one(EGRESS).inputs;
    assert.deepEqual([rule.fromPort, rule.toPort, rule.cidrIpv4], [0, 65_535, "0.0.0.0/0"]);
    assert.equal(graph.all("aws:ec2/instance:Instance").length, 0);
  });
});

describe("ipv6Subnet", () => {
  const table: [string, number, string][] = [
    ["2600:1f13:abc:de00::/56", 0x80, "2600:1f13:abc:de80::/64"],
    ["2a05:d014:1:ff00::/56", 0, "2a05:d014:1:ff00::/64"],
    ["2600:1f13:abc::/56", 1, "2600:1f13:abc:1::/64"],
  ];
  for (const [block, index, expected] of table)
    it(`subnet ${index} of ${block} is ${expected}`, () => assert.equal(ipv6Subnet(block, index), expected));

  it("ipv6Subnet refuses a block that no VPC has", () => {
    for (const text of ["", "10.0.0.0/16", "2600::/64"])
      assert.throws(() => ipv6Subnet(text, 1), /no IPv6 block/);
  });
});

describe("architectureOf", () => {
  const arm = [
    "t4g.small",
    "m7gd.xlarge",
    "c8gn.large",
    "im4gn.large",
    "a1.medium",
    "x2gd.medium",
    "r8g.2xlarge",
  ];
  const intel = [
    "t3.small",
    "t3a.micro",
    "m7i.large",
    "c5n.large",
    "g5.xlarge",
    "mac2.metal",
    "u-6tb1.112xlarge",
  ];
  for (const type of arm) it(`${type} is Graviton`, () => assert.equal(architectureOf(type), "arm64"));
  for (const type of intel) it(`${type} is not Graviton`, () => assert.equal(architectureOf(type), "x86_64"));

  it("the instance type's architecture decides which image the host boots", async () => {
    const image = async (config: Record<string, string>) =>
      (await up(config)).invokes.find(({ token }) => token.includes("ssm/getParameter"))!.inputs.name;
    assert.match(await image({}), /-arm64$/);
    assert.match(await image({ "nami:instanceType": "t3.small" }), /-x86_64$/);
  });
});
