import assert from "node:assert/strict";
import type { StateResource } from "../../../../cli/deployments/state";
import { findMade } from "../../../../cli/operate/find-made";
import type { AwsPlace } from "../../../../cli/operate/signed-call";
import { capturedIo } from "../../../support/captured-io";
import { resources, type TestHost, testHost } from "../../../support/host";

const SUBNET = "aws:ec2/subnet:Subnet";

describe("a resource with tags is found by them", function () {
  this.timeout(20_000);
  let local: TestHost;
  let place: AwsPlace;
  let vpcId: string;

  before(async () => {
    local = await testHost();
    place = { home: local.home, target: "local", region: "us-east-1", io: capturedIo() };
    ({ id: vpcId } = await resources(local).create("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.90.0.0/16" }));
  });
  after(() => local?.remove());

  /** As awsx gives them to what it makes in a VPC: those of the VPC, and a Name of its own. */
  const tags = (name: string) => ({ "nami:name": "orders", "nami:resource": "nami-orders-vpc", Name: name });
  const asked = (logicalName: string, name = logicalName): StateResource => ({
    type: SUBNET,
    urn: `urn:pulumi:orders::nami::awsx:ec2:Vpc$${SUBNET}::${logicalName}`,
    inputs: { tags: tags(name) },
  });

  it("also where a component hands the tags of the whole to its parts", async () => {
    const subnets = ["nami-orders-vpc-private-1", "nami-orders-vpc-private-2"];
    const ids = [];
    for (const [i, name] of subnets.entries()) {
      const inputs = { vpcId, cidrBlock: `10.90.${i}.0/24`, tags: tags(name) };
      ids.push((await resources(local).create(SUBNET, name, inputs)).id);
    }
    const made = await findMade(
      place,
      subnets.map((name) => asked(name)),
      new Set(),
    );
    assert.deepEqual([...made.ids.values()], ids);
    assert.deepEqual(made.unknown, []);
  });

  it("also where AWS's provider tells no ARN of it", async () => {
    const create = (type: string, inputs: object) =>
      resources(local).create(type, "one", { ...inputs, tags: tags(type) });
    await create("aws:ec2/internetGateway:InternetGateway", { vpcId });
    const subnet = await create(SUBNET, { vpcId, cidrBlock: "10.90.9.0/24" });
    const { id: allocationId } = await create("aws:ec2/eip:Eip", { domain: "vpc" });
    for (const [type, inputs] of [
      ["aws:ec2/natGateway:NatGateway", { allocationId, subnetId: subnet.id }],
      ["aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", { vpcId }],
    ] as const) {
      const { id } = await create(type, inputs);
      const { ids } = await findMade(place, [{ type, urn: "urn", inputs: { tags: tags(type) } }], new Set());
      assert.deepEqual([...ids], [["urn", id]]);
    }
  });

  it("unless the stack has it already, or one of the tags differs", async () => {
    const one = asked("nami-orders-vpc-public-1");
    const inputs = { vpcId, cidrBlock: "10.90.20.0/24", tags: tags("nami-orders-vpc-public-1") };
    await resources(local).create(SUBNET, "nami-orders-vpc-public-1", inputs);
    const { ids } = await findMade(place, [one], new Set());
    assert.equal(ids.size, 1);
    const known = new Set([...ids.values()].map((id) => `${SUBNET} ${id}`));
    assert.equal((await findMade(place, [one], known)).ids.size, 0);
    assert.equal(
      (await findMade(place, [asked("nami-orders-vpc-public-1", "other")], new Set())).ids.size,
      0,
    );
  });
});
