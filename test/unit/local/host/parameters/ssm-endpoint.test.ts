import assert from "node:assert/strict";
import type { AwsCall } from "../../../../../local/host/aws-call";
import { AwsError } from "../../../../../local/host/aws-error";
import { createParameters, createSsmEndpoint } from "../../../../../local/host/parameters";
import type { Iam } from "../../../../../local/host/services";
import { memoryFacts } from "../../../../support/memory-facts";

const ARN = "arn:aws:ssm:eu-west-1:000000000000:parameter/nami/demo/password";

describe("the SSM endpoint", () => {
  const asked: string[] = [];
  const iam = {
    authorize: (_identity: unknown, action: string, resource: string) => {
      asked.push(`${action} ${resource}`);
      if (resource.endsWith("/secret")) throw new AwsError("AccessDenied", "no");
    },
  } as unknown as Iam;
  const facts = memoryFacts();
  const parameters = createParameters(facts);
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

  it("returns the value to a role that may read the parameter", async () => {
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

  it("checks the permission before it looks for the parameter", async () => {
    await assert.rejects(call({ Name: "/nami/demo/secret" }), { code: "AccessDenied" });
    await assert.rejects(call({ Name: "/nami/demo/none" }), { code: "ParameterNotFound" });
  });

  it("refuses requests that it does not understand", async () => {
    await assert.rejects(call({ Name: "x" }, "DeleteParameter"), { code: "UnknownOperationException" });
    await assert.rejects(call("{"), { code: "SerializationException" });
    await assert.rejects(call({}), { code: "ValidationException" });
  });

  describe("PutParameter", () => {
    const name = "/nami/demo/pause";
    const put = (Value: string, Overwrite?: boolean) =>
      call({ Name: name, Value, Overwrite }, "PutParameter");
    const value = async () => (await call({ Name: name })).Parameter.Value;
    beforeEach(() => {
      parameters.remove(name);
      parameters.put(name, "made", "String");
    });

    it("puts the value if the role may, and overwrites only on request", async () => {
      asked.length = 0;
      await put("put", true);
      assert.deepEqual(asked, [`ssm:PutParameter ${ARN.replace("password", "pause")}`]);
      assert.equal(await value(), "put");
      await assert.rejects(put("again"), { code: "ParameterAlreadyExists" });
      await assert.rejects(put("", true), { code: "ValidationException" });
      await assert.rejects(call({ Name: "/nami/demo/none", Value: "x", Overwrite: true }, "PutParameter"), {
        code: "ParameterNotFound",
      });
    });

    it("keeps the value over a restart, and over an up that leaves the program's own as it was", async () => {
      await put("put", true);
      const restarted = createParameters(facts);
      restarted.put(name, "made", "String");
      assert.equal(restarted.get(name)!.value, "put");
    });

    it("loses the value to a program that changes its own, and to a new parameter of the same name", async () => {
      await put("put", true);
      parameters.put(name, "made anew", "String");
      assert.equal(await value(), "made anew");
      await put("put", true);
      parameters.remove(name);
      parameters.put(name, "made anew", "String");
      assert.equal(await value(), "made anew");
    });
  });
});
