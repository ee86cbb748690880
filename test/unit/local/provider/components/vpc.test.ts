import assert from "node:assert/strict";
import type { Part, Registered } from "../../../../../local/provider/components/monitor";
import { constructVpc } from "../../../../../local/provider/components/vpc";
import { secret } from "../../../../../local/provider/secrets";
import { UNKNOWN, type Values } from "../../../../../local/provider/values";

const component: Registered = { urn: "urn:component", id: "", state: {} };

/** An engine that gives every part an id, or none yet in a preview. */
function engine(preview = false) {
  const parts: Part[] = [];
  const part = async (one: Part): Promise<Registered> => {
    parts.push(one);
    const kind = one.type.split(":")[2]!;
    const id = preview ? UNKNOWN : `${kind}.${one.name}`;
    const computed = { allocationId: id, ipv6CidrBlock: preview ? UNKNOWN : "2001:db8:1:200::/56" };
    return { urn: `${one.type}::${one.name}`, id, state: { ...one.inputs, ...computed } };
  };
  return { parts, part };
}

const args = (more: Values = {}): Values => ({
  cidrBlock: "10.90.0.0/16",
  availabilityZoneNames: ["us-east-1a"],
  subnetStrategy: "Auto",
  subnetSpecs: [{ type: "Public", cidrMask: 24 }],
  natGateways: { strategy: "None" },
  enableDnsHostnames: true,
  tags: { "nami:name": "orders" },
  ...more,
});

async function construct(inputs: Values, preview = false) {
  const { parts, part } = engine(preview);
  const made = await constructVpc({ part }, component, "net", inputs, "us-east-1");
  return { parts, ...made };
}

const named = (parts: Part[]) => parts.map(({ type, name }) => `${type.split(":")[2]} ${name}`);
const partOf = (parts: Part[], what: string) =>
  parts.find(({ type, name }) => `${type.split(":")[2]} ${name}` === what)!;
const two = [
  { type: "Public", cidrMask: 24 },
  { type: "Private", cidrMask: 24 },
];

describe("awsx.ec2.Vpc", () => {
  it("consists of the same resources as in awsx with a public subnet", async () => {
    const { parts, state } = await construct(args());
    assert.deepEqual(named(parts), [
      "Vpc net",
      "InternetGateway net",
      "Subnet net-public-1",
      "RouteTable net-public-1",
      "RouteTableAssociation net-public-1",
      "Route net-public-1",
    ]);
    assert.deepEqual(partOf(parts, "Vpc net").inputs, {
      cidrBlock: "10.90.0.0/16",
      enableDnsHostnames: true,
      tags: { Name: "net", "nami:name": "orders" },
    });
    assert.deepEqual(partOf(parts, "Subnet net-public-1").inputs, {
      vpcId: "Vpc.net",
      availabilityZone: "us-east-1a",
      mapPublicIpOnLaunch: true,
      cidrBlock: "10.90.0.0/24",
      assignIpv6AddressOnCreation: false,
      tags: { "nami:name": "orders", Name: "net-public-1", SubnetType: "Public" },
    });
    assert.deepEqual(partOf(parts, "Route net-public-1").inputs, {
      routeTableId: "RouteTable.net-public-1",
      gatewayId: "InternetGateway.net",
      destinationCidrBlock: "0.0.0.0/0",
    });
    assert.deepEqual(
      [state.vpcId, state.publicSubnetIds, state.privateSubnetIds, state.vpcEndpoints],
      ["Vpc.net", ["Subnet.net-public-1"], [], []],
    );
  });

  it("nests its parts and names their dependencies as awsx does", async () => {
    const { parts, madeOf } = await construct(
      args({ subnetSpecs: two, natGateways: { strategy: "Single" } }),
    );
    const tree = parts.map((part) => [
      named([part])[0],
      part.parent.urn.split(":").slice(-3).filter(Boolean).join(" "),
      [...new Set([...Object.values(part.madeOf ?? {}).flat(), ...(part.dependsOn ?? [])])]
        .map(({ urn }) => urn.split(":").filter(Boolean).slice(-2).join(" "))
        .sort(),
    ]);
    const parents = Object.fromEntries(tree.map(([what, parent]) => [what, parent]));
    assert.deepEqual(parents, {
      "Vpc net": "urn component",
      "InternetGateway net": "Vpc net",
      "Subnet net-public-1": "Vpc net",
      "RouteTable net-public-1": "Subnet net-public-1",
      "RouteTableAssociation net-public-1": "RouteTable net-public-1",
      "Eip net-1": "Subnet net-public-1",
      "NatGateway net-1": "Subnet net-public-1",
      "Route net-public-1": "RouteTable net-public-1",
      "Subnet net-private-1": "Vpc net",
      "RouteTable net-private-1": "Subnet net-private-1",
      "RouteTableAssociation net-private-1": "RouteTable net-private-1",
      "Route net-private-1": "RouteTable net-private-1",
    });
    const dependencies = Object.fromEntries(tree.map(([what, , on]) => [what, on]));
    assert.deepEqual(dependencies["NatGateway net-1"], ["Eip net-1", "Subnet net-public-1"]);
    assert.deepEqual(dependencies["Route net-private-1"], ["NatGateway net-1", "RouteTable net-private-1"]);
    assert.deepEqual(
      madeOf.privateSubnetIds!.map(({ id }) => id),
      ["Subnet.net-private-1"],
    );
  });

  it("routes the private subnets through its NAT gateway", async () => {
    const { parts, state } = await construct(args({ subnetSpecs: two, natGateways: { strategy: "Single" } }));
    assert.deepEqual(partOf(parts, "NatGateway net-1").inputs, {
      subnetId: "Subnet.net-public-1",
      allocationId: "Eip.net-1",
      tags: { "nami:name": "orders", Name: "net-1" },
    });
    assert.equal(partOf(parts, "Route net-private-1").inputs.natGatewayId, "NatGateway.net-1");
    assert.equal(partOf(parts, "Subnet net-private-1").inputs.cidrBlock, "10.90.1.0/24");
    assert.deepEqual(state.privateSubnetIds, ["Subnet.net-private-1"]);
  });

  it("has one NAT gateway per zone by default, and uses given addresses", async () => {
    const zones = { availabilityZoneNames: undefined, numberOfAvailabilityZones: 2, subnetSpecs: two };
    const perZone = await construct(args({ ...zones, natGateways: undefined }));
    assert.deepEqual(
      named(perZone.parts).filter((what) => /Nat|Eip/.test(what)),
      ["Eip net-1", "NatGateway net-1", "Eip net-2", "NatGateway net-2"],
    );
    assert.equal(partOf(perZone.parts, "Route net-private-2").inputs.natGatewayId, "NatGateway.net-2");
    const elasticIpAllocationIds = ["eipalloc-1"];
    const own = await construct(
      args({ ...zones, natGateways: { strategy: "single", elasticIpAllocationIds } }),
    );
    assert.deepEqual(
      named(own.parts).filter((what) => /Eip/.test(what)),
      [],
    );
    assert.equal(partOf(own.parts, "NatGateway net-1").inputs.allocationId, "eipalloc-1");
  });

  it("gives each subnet an IPv6 block of the VPC", async () => {
    const { parts } = await construct(args({ subnetSpecs: two, assignGeneratedIpv6CidrBlock: true }));
    const blocks = parts.flatMap(({ inputs }) => inputs.ipv6CidrBlock ?? []);
    assert.deepEqual(blocks, ["2001:db8:1:200::/64", "2001:db8:1:201::/64"]);
    assert.equal(partOf(parts, "Subnet net-public-1").inputs.assignIpv6AddressOnCreation, true);
    assert.equal(partOf(parts, "Vpc net").inputs.assignGeneratedIpv6CidrBlock, true);
  });

  it("is previewed before its zone, its tags and its ids are known", async () => {
    const inputs = args({
      availabilityZoneNames: [UNKNOWN],
      subnetSpecs: two,
      natGateways: { strategy: "Single" },
      assignGeneratedIpv6CidrBlock: true,
      tags: UNKNOWN,
    });
    const { parts, state } = await construct(inputs, true);
    assert.equal(parts.length, 12);
    const { inputs: subnet } = partOf(parts, "Subnet net-public-1");
    assert.deepEqual(
      [subnet.availabilityZone, subnet.vpcId, subnet.ipv6CidrBlock, subnet.tags],
      Array(4).fill(UNKNOWN),
    );
    assert.deepEqual([state.vpcId, state.publicSubnetIds], [UNKNOWN, [UNKNOWN]]);
  });

  it("keeps secret tags secret", async () => {
    const { parts } = await construct(args({ tags: { key: secret("open sesame") } }));
    assert.deepEqual(
      partOf(parts, "InternetGateway net").inputs.tags,
      secret({ Name: "net", key: "open sesame" }),
    );
  });

  for (const [what, more, said] of [
    [
      "another strategy",
      { subnetStrategy: "Exact" },
      /subnetStrategy is "Exact"; the local target can do Auto/,
    ],
    ["no strategy, which is the old one", { subnetStrategy: undefined }, /subnetStrategy is "Legacy"/],
    ["endpoints", { vpcEndpointSpecs: [] }, /vpcEndpointSpecs is not honoured/],
    ["address pools", { ipv4IpamPoolId: "ipam-1" }, /ipv4IpamPoolId is not honoured/],
    [
      "blocks of one's own",
      { subnetSpecs: [{ type: "Public", cidrBlocks: [] }] },
      /subnetSpecs\[0\]\.cidrBlocks/,
    ],
    [
      "a sort of subnet that there is not",
      { subnetSpecs: [{ type: "Open" }] },
      /subnetSpecs\[0\]\.type is "Open"/,
    ],
    ["a size that is no block", { subnetSpecs: [{ type: "Public", size: 100 }] }, /subnetSpecs\[0\]\.size/],
    ["a list of zones that is not known as one", { availabilityZoneNames: UNKNOWN }, /must be a list/],
    ["both sorts of zones", { numberOfAvailabilityZones: 1 }, /Only one of/],
    [
      "NAT without a private subnet",
      { natGateways: { strategy: "Single" } },
      /public subnets must be declared/,
    ],
    ["a subnet wider than the VPC", { subnetSpecs: [{ type: "Public", cidrMask: 15 }] }, /too large for VPC/],
    ["no block", { cidrBlock: "10.90.0.1/16" }, /no block of IPv4/],
  ] as [string, Values, RegExp][]) {
    it(`refuses ${what} and names the input`, () => assert.rejects(construct(args(more)), said));
  }
});
