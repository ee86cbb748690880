import assert from "node:assert/strict";
import {
  ipv6SubnetBlock,
  layOut,
  type SubnetSpec,
} from "../../../../../local/provider/components/subnet-layout";

const blocks = (cidr: string, zones: number, specs?: SubnetSpec[], zoneMask?: number) =>
  layOut("v", cidr, zones, { specs, zoneMask }).map(({ name, cidrBlock }) => `${name} ${cidrBlock}`);

/** As the layouts of awsx's own documentation and tests. */
describe("the layout of subnets", () => {
  it("divides the VPC between the zones, and each zone in order", () => {
    const specs: SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];
    assert.deepEqual(blocks("10.0.0.0/16", 2, specs), [
      "v-private-1 10.0.0.0/18",
      "v-public-1 10.0.64.0/18",
      "v-private-2 10.0.128.0/18",
      "v-public-2 10.0.192.0/18",
    ]);
  });

  it("leaves a space where a wider block follows a narrower one", () => {
    const specs: SubnetSpec[] = [
      { type: "Public", cidrMask: 24 },
      { type: "Private", cidrMask: 20, name: "work" },
    ];
    assert.deepEqual(blocks("10.0.0.0/16", 1, specs), ["v-public-1 10.0.0.0/24", "v-work-1 10.0.16.0/20"]);
  });

  it("has a large private and a small public subnet by default", () => {
    assert.deepEqual(blocks("10.0.0.0/16", 1), ["v-private-1 10.0.0.0/17", "v-public-1 10.0.128.0/18"]);
    assert.deepEqual(blocks("10.0.0.0/16", 3).slice(0, 2), [
      "v-private-1 10.0.0.0/19",
      "v-public-1 10.0.32.0/20",
    ]);
  });

  it("aligns zones to a given mask", () => {
    assert.deepEqual(blocks("10.0.0.0/16", 2, [{ type: "Public" }], 20), [
      "v-public-1 10.0.0.0/20",
      "v-public-2 10.0.16.0/20",
    ]);
  });

  it("refuses subnets that do not fit or overlap", () => {
    assert.throws(() => blocks("10.0.0.0/24", 1, [{ type: "Public", cidrMask: 23 }]), /too large for VPC/);
    assert.throws(() => blocks("10.0.0.0/24", 5), /Give subnetSpecs/);
    assert.throws(() => blocks("10.0.0.0/24", 1, []), /No subnets/);
    const gaps: SubnetSpec[] = [
      { type: "Public", cidrMask: 26 },
      { type: "Private", cidrMask: 25 },
      { type: "Isolated", cidrMask: 26 },
    ];
    assert.throws(() => blocks("10.0.0.0/24", 2, gaps, 24), /overlaps/);
  });

  it("counts the IPv6 blocks of a VPC", () => {
    assert.equal(ipv6SubnetBlock("2001:db8:1:200::/56", 0), "2001:db8:1:200::/64");
    assert.equal(ipv6SubnetBlock("2001:db8:1:200::/56", 255), "2001:db8:1:2ff::/64");
    assert.throws(() => ipv6SubnetBlock("", 0), /must be a \/56/);
  });
});
