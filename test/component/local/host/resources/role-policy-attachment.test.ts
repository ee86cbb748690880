import assert from "node:assert/strict";
import { type TestHost, testHost } from "../../../../support/host";
import { Account, types } from "../../../../support/network";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

describe("a policy of AWS, attached to a role", function () {
  this.timeout(20_000);
  let local: TestHost;
  let account: Account;
  before(async () => {
    local = await testHost();
    account = new Account(local.home);
    const statement = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    };
    const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await account.create(types.role, "role", { name: "worker", assumeRolePolicy });
  });
  after(() => local.remove());

  const may = (action: string) => {
    const { iam } = local.host.services;
    try {
      iam.authorize(iam.roleIdentity("worker", "session"), action, "*");
      return true;
    } catch {
      return false;
    }
  };

  it("allows its actions, also after a restart, until it is detached", async () => {
    assert.equal(may("logs:PutLogEvents"), false);
    const { id } = await account.create(ATTACHMENT, "basic", { role: "worker", policyArn: BASIC });
    assert.deepEqual([may("logs:PutLogEvents"), may("ec2:CreateNetworkInterface")], [true, false]);
    await local.restart();
    assert.equal(may("logs:PutLogEvents"), true);
    await account.remove(ATTACHMENT, "basic", id);
    assert.equal(may("logs:PutLogEvents"), false);
  });

  it("is refused when the host does not know its text", async () => {
    const request = account.create(ATTACHMENT, "other", { role: "worker", policyArn: `${BASIC}2` });
    await assert.rejects(request, /policyArn/);
  });
});
