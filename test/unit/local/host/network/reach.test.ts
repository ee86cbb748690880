import assert from "node:assert/strict";
import type { VpcConfig } from "../../../../../local/host/functions/contract";
import { isNarrower } from "../../../../../local/host/functions/narrower";
import { refusal } from "../../../../../local/host/functions/sandbox-reach";
import { reachOf } from "../../../../../local/host/network/reach";
import { viewOf } from "../../../../../local/host/network/view";
import type { Inputs, ResourceRecord } from "../../../../../local/protocol";
import { defaultVpc, defaultVpcPart } from "../../../../../local/region";
import { drawnNetwork, record, region } from "../../../../support/drawn-network";
import { types } from "../../../../support/network";

const standard = defaultVpc(region);
const MONGO = 27_100;
const AWS_PORT = 23_456;

const rule = (type: string, id: string, inputs: Inputs) => record(type, id, { ipProtocol: "tcp", ...inputs });
const port = (number: number) => ({ fromPort: number, toPort: number });
const out = (to: Inputs, ports: Inputs = port(MONGO)) =>
  rule(types.egressRule, "sgr-out", { securityGroupId: "sg-worker", ...ports, ...to });
const into = (from: Inputs, ports: Inputs = port(MONGO)) =>
  rule(types.ingressRule, "sgr-in", { securityGroupId: "sg-mongo", ...ports, ...from });
const toMongo = out({ referencedSecurityGroupId: "sg-mongo" });
const fromWorker = into({ referencedSecurityGroupId: "sg-worker" });
const everywhere = out({ cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }, {});
const everywhere6 = out({ cidrIpv6: "::/0", ipProtocol: "-1" }, {});

const place = (subnet: string, more: Partial<VpcConfig> = {}): VpcConfig => ({
  subnetIds: [`subnet-${subnet}`],
  securityGroupIds: ["sg-worker"],
  ipv6: false,
  ...more,
});

function reach(
  where: VpcConfig | undefined,
  rules: ResourceRecord[],
  { published = true, without = "" } = {},
) {
  const records = [...drawnNetwork.filter(({ id }) => id !== without), ...rules];
  const view = viewOf(region, (type) => records.filter((one) => one.type === type));
  const ports = published ? [{ port: MONGO, instanceId: "i-mongo", network: view }] : [];
  return reachOf(view, where, ports, [AWS_PORT]);
}

const public4 = { protocol: "tcp", address: "93.184.216.34", port: 443 } as const;
const public6 = { protocol: "tcp", address: "2606:2800::1", port: 443 } as const;
const local = (number: number, address = "127.0.0.1", protocol: "tcp" | "udp" = "tcp") =>
  ({ protocol, address, port: number }) as const;
const mongo = local(MONGO);
const WIRE = [toMongo, fromWorker];

type Case = [
  what: string,
  where: VpcConfig | undefined,
  rules: ResourceRecord[],
  to: Parameters<typeof refusal>[1],
  why?: RegExp,
];

const cases: Case[] = [
  ["outside: the world", undefined, [], public4],
  ["outside: the world over IPv6", undefined, [], public6],
  ["outside: AWS's endpoints", undefined, [], local(AWS_PORT)],
  ["outside: a MongoDB of the developer's own", undefined, [], local(27_017)],
  ["outside: an instance", undefined, WIRE, mongo, /i-mongo has a private address/],
  [
    "outside: an instance by another loopback name",
    undefined,
    WIRE,
    local(MONGO, "::ffff:127.0.0.1"),
    /private/,
  ],
  ["outside: an instance by 0.0.0.0", undefined, WIRE, local(MONGO, "0.0.0.0"), /private/],

  ["the wire, said on both sides", place("bare"), WIRE, mongo],
  ["the wire over localhost's IPv6", place("bare"), WIRE, local(MONGO, "::1")],
  [
    "the wire, not said by the function",
    place("bare"),
    [fromWorker],
    mongo,
    /egress rule of the function \(sg-worker\)/,
  ],
  [
    "the wire, not said by the instance",
    place("bare"),
    [toMongo],
    mongo,
    /ingress rule of instance i-mongo \(sg-mongo\)/,
  ],
  [
    "the wire on another port",
    place("bare"),
    [out({ referencedSecurityGroupId: "sg-mongo" }, port(1)), fromWorker],
    mongo,
    /egress/,
  ],
  [
    "the wire on ports of which only the instance allows this one",
    place("bare"),
    [
      out({ referencedSecurityGroupId: "sg-mongo" }, { fromPort: MONGO + 1, toPort: MONGO + 10 }),
      into({ referencedSecurityGroupId: "sg-worker" }, { fromPort: MONGO - 5, toPort: MONGO + 5 }),
    ],
    mongo,
    /egress/,
  ],
  [
    "the wire from one of the function's two subnets",
    place("bare", { subnetIds: ["subnet-bare", "subnet-public"] }),
    [toMongo, into({ cidrIpv4: "10.90.3.0/24" })],
    mongo,
    /ingress/,
  ],
  [
    "the wire for UDP",
    place("bare"),
    [out({ referencedSecurityGroupId: "sg-mongo", ipProtocol: "udp" }), fromWorker],
    mongo,
    /egress/,
  ],
  [
    "the wire to another group",
    place("bare"),
    [out({ referencedSecurityGroupId: "sg-worker" }), fromWorker],
    mongo,
    /egress/,
  ],
  [
    "the wire by blocks of addresses",
    place("bare"),
    [out({ cidrIpv4: "10.90.0.0/24" }), into({ cidrIpv4: "10.90.3.0/24" })],
    mongo,
  ],
  [
    "the wire by the block of another subnet",
    place("bare"),
    [out({ cidrIpv4: "10.90.1.0/24" }), fromWorker],
    mongo,
    /egress/,
  ],
  [
    "the wire from the block of another subnet",
    place("bare"),
    [toMongo, into({ cidrIpv4: "10.90.1.0/24" })],
    mongo,
    /ingress/,
  ],
  [
    "the wire by the address the instance says it has",
    place("bare"),
    [out({ cidrIpv4: "127.0.0.1/32" }), fromWorker],
    mongo,
  ],
  [
    "the wire by all protocols",
    place("bare"),
    [out({ referencedSecurityGroupId: "sg-mongo", ipProtocol: "-1" }, {}), fromWorker],
    mongo,
  ],
  ["the wire from another VPC", place("b", { securityGroupIds: ["sg-b"] }), WIRE, mongo, /another VPC/],
  ["the wire with two groups", place("bare", { securityGroupIds: ["sg-vpc-a", "sg-worker"] }), WIRE, mongo],
  [
    "the default group: out to everything",
    place("bare", { securityGroupIds: ["sg-vpc-a"] }),
    [into({ cidrIpv4: "10.90.0.0/16" })],
    mongo,
  ],

  [
    "a public subnet: an internet gateway is no way out for a function",
    place("public"),
    [everywhere],
    public4,
    /without a way out \(--egress\)/,
  ],
  ["no route at all", place("bare"), [everywhere], public4, /without a way out \(--egress\)/],
  ["no route and no rule", place("bare"), WIRE, public4, /without a way out \(--egress\)/],
  ["a NAT gateway", place("private"), [everywhere], public4],
  ["a NAT gateway and no rule", place("private"), WIRE, public4, /no egress rule of its security groups/],
  [
    "a NAT gateway and a rule for another port",
    place("private"),
    [out({ cidrIpv4: "0.0.0.0/0" }, port(80))],
    public4,
    /no egress rule/,
  ],
  [
    "a NAT gateway and a rule for other addresses",
    place("private"),
    [out({ cidrIpv4: "10.0.0.0/8" }, port(443))],
    public4,
    /no egress rule/,
  ],
  [
    "a NAT gateway in one subnet of two",
    place("private", { subnetIds: ["subnet-private", "subnet-bare"] }),
    [everywhere],
    public4,
    /way out/,
  ],
  ["a NAT gateway: UDP", place("private"), [everywhere], { ...public4, protocol: "udp" }],
  [
    "a NAT gateway: UDP under a rule for TCP",
    place("private"),
    [out({ cidrIpv4: "0.0.0.0/0" }, port(443))],
    { ...public4, protocol: "udp" },
    /no egress rule/,
  ],
  [
    "a NAT gateway: AWS's endpoints, by a rule for 443",
    place("private"),
    [out({ cidrIpv4: "0.0.0.0/0" }, port(443))],
    local(AWS_PORT),
  ],
  [
    "a NAT gateway: AWS's endpoints without one",
    place("private"),
    [out({ cidrIpv4: "0.0.0.0/0" }, port(80))],
    local(AWS_PORT),
    /AWS's endpoints/,
  ],
  ["no NAT gateway: AWS's endpoints", place("bare"), [everywhere], local(AWS_PORT), /way out/],
  [
    "a NAT gateway: an address of the VPC that nothing has",
    place("private"),
    [everywhere],
    { ...public4, address: "10.90.0.77" },
    /nothing on this machine has that address/,
  ],

  ["IPv6 by an egress-only gateway", place("dual", { ipv6: true }), [everywhere6], public6],
  ["IPv6 that the function is not allowed", place("dual"), [everywhere6], public6, /ipv6AllowedForDualStack/],
  [
    "IPv6 in a subnet without",
    place("private", { ipv6: true }),
    [everywhere6],
    public6,
    /ipv6AllowedForDualStack/,
  ],
  ["IPv6 and a rule for IPv4", place("dual", { ipv6: true }), [everywhere], public6, /no egress rule/],
  [
    "IPv6 only: the world over IPv4",
    place("dual", { ipv6: true }),
    [everywhere, everywhere6],
    public4,
    /way out over IPv4 \(--egress\)/,
  ],

  [
    "another loopback port, no rule",
    place("bare"),
    WIRE,
    local(5432),
    /no egress rule of its security groups leads to that port in its VPC/,
  ],
  [
    "another loopback port, a rule for the VPC",
    place("bare"),
    [out({ cidrIpv4: "10.90.0.0/16" }, port(5432))],
    local(5432),
  ],
  [
    "another loopback port, a rule for a part of the VPC",
    place("bare"),
    [out({ cidrIpv4: "10.90.0.0/24" }, port(5432))],
    local(5432),
    /egress/,
  ],
  ["another loopback port, a rule for everything", place("bare"), [everywhere], local(5432)],
  ["another loopback port over IPv6", place("dual", { ipv6: true }), [everywhere6], local(5432, "::1")],
  [
    "another loopback port over IPv6, a rule for IPv4",
    place("bare"),
    [everywhere],
    local(5432, "::1"),
    /egress/,
  ],
  ["the instance's port over UDP", place("bare"), WIRE, local(MONGO, "127.0.0.1", "udp"), /egress/],
];

describe("a function in a network", () => {
  for (const [what, where, rules, to, why] of cases) {
    it(`${why ? "may not open" : "may open"} a connection: ${what}`, () => {
      const said = refusal(reach(where, rules), to);
      if (why) assert.match(said ?? "nothing", why);
      else assert.equal(said, undefined);
    });
  }

  it("may reach an instance that does not listen yet: nobody answers there", () => {
    assert.equal(refusal(reach(place("bare"), WIRE, { published: false }), mongo), undefined);
    assert.match(refusal(reach(place("bare"), [], { published: false }), mongo) ?? "", /egress/);
  });

  for (const without of ["nat-a", "r-private", "igw-a", "r-public", "rtbassoc-private"]) {
    it(`has no way out by NAT without ${without}`, () => {
      assert.match(refusal(reach(place("private"), [everywhere], { without }), public4) ?? "", /way out/);
    });
  }

  it("uses the narrowest route that matches", () => {
    const dead = record(types.route, "r", {
      routeTableId: "rtb-private",
      destinationCidrBlock: "93.0.0.0/8",
      gatewayId: "igw-a",
    });
    assert.match(refusal(reach(place("private"), [everywhere, dead]), public4) ?? "", /way out/);
    assert.equal(
      refusal(reach(place("private"), [everywhere, dead]), { ...public4, address: "1.1.1.1" }),
      undefined,
    );
  });

  it("has no way out of the default VPC, whose route is an internet gateway", () => {
    const where = {
      subnetIds: [standard.subnets[0]!.subnetId],
      securityGroupIds: [defaultVpcPart("sg", region)],
      ipv6: false,
    };
    assert.match(refusal(reach(where, []), public4) ?? "", /without a way out \(--egress\)/);
  });

  it("follows rules that stand in the group itself", () => {
    const egress = [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"], self: true }];
    const group = record(types.group, "sg-inline", { name: "inline", egress }, { vpcId: "vpc-a" });
    assert.equal(
      refusal(reach(place("private", { securityGroupIds: ["sg-inline"] }), [group]), public4),
      undefined,
    );
  });

  it("cannot reach an instance of another region", () => {
    const { vpc } = reach(place("bare"), WIRE);
    const far = viewOf("eu-west-1", () => []);
    const here = viewOf(region, (type) => [...drawnNetwork, ...WIRE].filter((one) => one.type === type));
    const there = reachOf(
      here,
      place("bare"),
      [{ port: MONGO, instanceId: "i-far", network: far }],
      [AWS_PORT],
    );
    assert.deepEqual(there.vpc, vpc);
    assert.match(refusal(there, mongo) ?? "", /another region/);
  });
});

describe("a reach is compared with an earlier one and", () => {
  const wide = reach(place("private"), [...WIRE, everywhere]);
  for (const [what, after, narrower] of [
    ["the same", reach(place("private"), [...WIRE, everywhere]), false],
    ["without a rule", reach(place("private"), WIRE), true],
    ["without the wire", reach(place("private"), [everywhere]), true],
    ["without the route", reach(place("private"), [...WIRE, everywhere], { without: "r-private" }), true],
    ["without the instance", reach(place("private"), [...WIRE, everywhere], { published: false }), false],
    [
      "with a rule more",
      reach(place("private"), [...WIRE, everywhere, out({ cidrIpv4: "1.0.0.0/8" }, port(1))]),
      false,
    ],
    ["outside of the VPC", reach(undefined, []), true],
  ] as const) {
    it(`is${narrower ? "" : " not"} narrower: the one ${what}`, () =>
      assert.equal(isNarrower(wide, after), narrower));
  }
});
