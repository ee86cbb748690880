import assert from "node:assert/strict";
import { diff } from "../../../../local/provider/diff";
import { typeTable } from "../../../../local/provider/types";
import { ARCHIVE, SIGNATURE, UNKNOWN, type Values } from "../../../../local/provider/values";

function changes(type: string, older: Values, newer: Values): string[] {
  const found = diff(typeTable(type), older, newer).changes;
  return found.map(({ path, kind, replaces }) => `${kind} ${path}${replaces ? " (replaces)" : ""}`);
}

const QUEUE = "aws:sqs/queue:Queue";
const FUNCTION = "aws:lambda/function:Function";
const archive = (hash: string) => ({ [SIGNATURE]: ARCHIVE, hash, assets: {} });

describe("the diff of a resource", () => {
  it("names each changed input with its path and kind", () => {
    const older = { environment: { variables: { A: "1", B: "2" } }, layers: [], timeout: 3 };
    const newer = { environment: { variables: { A: "1", B: "3", "C.D": "4" } }, memorySize: 256 };
    assert.deepEqual(changes(FUNCTION, older, newer), [
      "update environment.variables.B",
      'add environment.variables["C.D"]',
      "add memorySize",
      "delete timeout",
    ]);
  });

  it("replaces the resource where AWS cannot change it in place, and only there", () => {
    assert.deepEqual(changes(QUEUE, { name: "a" }, { name: "b" }), ["update name (replaces)"]);
    assert.deepEqual(changes(QUEUE, { delaySeconds: 0 }, { delaySeconds: 1 }), ["update delaySeconds"]);
  });

  it("replaces a subnet whose IPv6 block is in use, not one that is given its first", () => {
    const subnet = "aws:ec2/subnet:Subnet";
    const before = { assignIpv6AddressOnCreation: false };
    const after = { assignIpv6AddressOnCreation: true, ipv6CidrBlock: "2001:db8::/64" };
    const added = ["update assignIpv6AddressOnCreation", "add ipv6CidrBlock"];
    assert.deepEqual(changes(subnet, before, after), added);
    const other = { ...after, ipv6CidrBlock: "2001:db8:0:1::/64" };
    assert.deepEqual(changes(subnet, after, other), ["update ipv6CidrBlock (replaces)"]);
    const taken = ["update assignIpv6AddressOnCreation", "delete ipv6CidrBlock"];
    assert.deepEqual(changes(subnet, after, before), taken);
  });

  it("counts an unknown value as a change", () => {
    assert.deepEqual(
      changes("aws:lambda/permission:Permission", { sourceArn: "a" }, { sourceArn: UNKNOWN }),
      ["update sourceArn (replaces)"],
    );
  });

  it("compares policies by meaning, not by text", () => {
    const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*"}]}';
    const same = '{ "Statement": [{ "Action": "sqs:*", "Effect": "Allow" }], "Version": "2012-10-17" }';
    const type = "aws:iam/rolePolicy:RolePolicy";
    assert.deepEqual(changes(type, { policy }, { policy: same }), []);
    assert.deepEqual(changes(type, { policy }, { policy: same.replace("Allow", "Deny") }), ["update policy"]);
  });

  it("compares archives by their content", () => {
    assert.deepEqual(changes(FUNCTION, { code: archive("x") }, { code: archive("x") }), []);
    assert.deepEqual(changes(FUNCTION, { code: archive("x") }, { code: archive("y") }), ["update code"]);
  });

  it("ignores the order of sets", () => {
    const config = (...securityGroupIds: string[]) => ({ vpcConfig: { securityGroupIds, subnetIds: ["s"] } });
    assert.deepEqual(changes(FUNCTION, config("a", "b"), config("b", "a")), []);
    assert.deepEqual(changes(FUNCTION, config("a"), config("b")), ["update vpcConfig.securityGroupIds[0]"]);
  });

  it("deletes first where the name is fixed or AWS allows no second one", () => {
    const queue = typeTable(QUEUE);
    const fixed = (region: string) => ({ name: "a", region });
    assert.equal(diff(queue, fixed("us-east-1"), fixed("eu-west-1")).deleteBeforeReplace, true);
    const made = (name: string) => ({ name, fifoQueue: name === "a-1", __defaults: ["name"] });
    assert.equal(diff(queue, made("a-1"), made("a-2")).deleteBeforeReplace, false);
    const attachment = typeTable("aws:ec2/volumeAttachment:VolumeAttachment");
    assert.equal(diff(attachment, { instanceId: "i-1" }, { instanceId: "i-2" }).deleteBeforeReplace, true);
  });

  it("replaces a machine for its script only when the program says so", () => {
    const type = "aws:ec2/instance:Instance";
    const machine = (userData: string, userDataReplaceOnChange: boolean) => ({
      userData,
      userDataReplaceOnChange,
    });
    assert.deepEqual(changes(type, machine("a", false), machine("b", false)), ["update userData"]);
    assert.deepEqual(changes(type, machine("a", true), machine("b", true)), ["update userData (replaces)"]);
  });

  it("changes the type of a machine in place, unless its architecture is another", () => {
    const type = "aws:ec2/instance:Instance";
    const machine = (instanceType: string) => ({ instanceType });
    assert.deepEqual(changes(type, machine("t4g.small"), machine("m7g.large")), ["update instanceType"]);
    assert.deepEqual(changes(type, machine("t4g.small"), machine("t3.small")), [
      "update instanceType (replaces)",
    ]);
    assert.deepEqual(changes(type, { ebsOptimized: false }, { ebsOptimized: true }), [
      "update ebsOptimized (replaces)",
    ]);
  });
});
