import assert from "node:assert/strict";
import { typeTable } from "../../../../local/provider/types";

describe("the description of a security group and its rules", () => {
  const types = [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ];
  for (const type of types) {
    const rules = (description?: unknown) => typeTable(type).rules!({ description });

    it(`may be any text that EC2 accepts, on a ${type.split(":")[2]}`, () => {
      for (const fine of [undefined, "", "Nami: all out (to 0.0.0.0/0) [a+b=c&d;e] {f}!$*", "x".repeat(255)])
        assert.deepEqual(rules(fine), []);
    });

    it(`may not have an apostrophe, a line break, an umlaut or too much text, on a ${type.split(":")[2]}`, () => {
      for (const wrong of ["the user's", "a\nb", "für", "x".repeat(256)])
        assert.match(rules(wrong).join(), /^description is .*; AWS allows/s);
    });
  }
});
