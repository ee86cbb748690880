import assert from "node:assert/strict";
import type { AwsCall } from "../../../../../local/host/aws-call";
import { AwsError } from "../../../../../local/host/aws-error";
import { createParameters, createSsmEndpoint } from "../../../../../local/host/parameters";
import type { Iam } from "../../../../../local/host/services";

const ARN = "arn:aws:ssm:eu-west-1:000000000000:parameter/nami/demo/password";

describe("SSM GetParameter", () => {
  const asked: string[] = [];
  const iam = {
    authorize: (_identity: unknown, action: string, resource: string) => {
      asked.push(`${action} ${resource}`);
      if (resource.endsWith("/secret")) throw new AwsError("AccessDenied", "no");
    },
  } as unknown as Iam;
  const parameters = createParameters();
  const ssm = createSsmEndpoint({ parameters, iam });
  const call = async (body: unknown, action = "GetParameter") => {
    const request = {
      region: "eu-west-1",
      identity: { arn: "x" },
      headers: { "x-amz-target": `AmazonSSM.${action}` },
      body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    } as unknown as AwsCall;
    return JSON.parse(String((await ssm(request)).body));
  };
  before(() => parameters.put("/nami/demo/password", "s3cret", "SecureString"));

  it("answers the value to whom the role lets read that parameter", async () => {
    asked.length = 0;
    const { Parameter } = await call({ Name: "/nami/demo/password", WithDecryption: true });
    assert.equal(Parameter.Value, "s3cret");
    assert.equal(Parameter.ARN, ARN);
    assert.deepEqual(asked, [`ssm:GetParameter ${ARN}`]);
  });

  it("keeps a SecureString hidden without decryption", async () => {
    const { Parameter } = await call({ Name: "/nami/demo/password" });
    assert.notEqual(Parameter.Value, "s3cret");
    assert.equal(Parameter.Type, "SecureString");
  });

  it("refuses before it looks", async () => {
    await assert.rejects(call({ Name: "/nami/demo/secret" }), { code: "AccessDenied" });
    await assert.rejects(call({ Name: "/nami/demo/none" }), { code: "ParameterNotFound" });
  });

  it("refuses what it does not understand", async () => {
    await assert.rejects(call({ Name: "x" }, "PutParameter"), { code: "UnknownOperationException" });
    await assert.rejects(call("{"), { code: "SerializationException" });
    await assert.rejects(call({}), { code: "ValidationException" });
  });
});
