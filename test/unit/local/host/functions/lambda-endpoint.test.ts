import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { AwsError } from "../../../../../local/host/aws-error";
import { createLambdaEndpoint } from "../../../../../local/host/functions";
import type {
  FunctionSpec,
  Functions,
  Iam,
  InvokeResult,
  MappingSpec,
  Mappings,
} from "../../../../../local/host/services";
import { functionSpec } from "../../../../support/functions";

describe("the Lambda endpoint", () => {
  let result: InvokeResult;
  let asked: string[];
  let denied: string;
  let mapping: MappingSpec;
  let saved: MappingSpec[];
  let place: FunctionSpec["vpcConfig"];

  const functions = {
    get: (name: string) =>
      name === "orders" ? functionSpec({ environment: { A: "1" }, vpcConfig: place }) : undefined,
    invoke: async (_: string, payload: string) => ({ ...result, payload: result.payload || payload }),
  } as unknown as Functions;
  const iam = {
    authorize: (_: unknown, action: string, resource: string) => {
      asked.push(`${action} ${resource}`);
      if (action === denied) throw new AwsError("AccessDenied", `not authorized to perform: ${action}`, 403);
    },
  } as unknown as Iam;
  const mappings = {
    get: (uuid: string) => (uuid === mapping.uuid ? mapping : undefined),
    lastResult: () => "OK",
    put: (spec: MappingSpec) => {
      mapping = spec;
    },
  } as unknown as Mappings;

  const call = (method: string, path: string, body = "", headers = {}) =>
    createLambdaEndpoint({ functions, mappings, iam, saveMapping: (spec) => saved.push(spec) })({
      method,
      url: `/2015-03-31/${path}`,
      headers,
      body: Buffer.from(body),
      identity: { arn: "arn:aws:iam::000000000000:user/nami" },
      region: "us-east-1",
    });
  const code = (name: string) => (error: AwsError) => error.code === name;

  beforeEach(() => {
    result = { payload: "" };
    asked = [];
    denied = "";
    saved = [];
    place = undefined;
    mapping = {
      uuid: "u1",
      queueName: "q",
      queueArn: "arn:aws:sqs:us-east-1:000000000000:q",
      functionName: "orders",
      enabled: true,
      batchSize: 10,
      batchWindow: 0,
      maximumConcurrency: 5,
      reportBatchItemFailures: true,
    };
  });

  const names = ["orders", "orders:$LATEST", "arn:aws:lambda:us-east-1:000000000000:function:orders"];
  for (const name of names) {
    it(`invokes the function named ${name}`, async () => {
      const reply = await call("POST", `functions/${encodeURIComponent(name)}/invocations`, '{"a":1}');
      deepStrictEqual([reply.status, reply.body], [200, '{"a":1}']);
      strictEqual(reply.headers["x-amz-executed-version"], "$LATEST");
      strictEqual(reply.headers["x-amz-function-error"], undefined);
      deepStrictEqual(asked, ["lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:orders"]);
    });
  }

  it("says in a header that the function failed", async () => {
    result = { payload: '{"errorType":"E"}', functionError: "Unhandled" };
    const reply = await call("POST", "functions/orders/invocations", "");
    deepStrictEqual(
      [reply.status, reply.headers["x-amz-function-error"], reply.body],
      [200, "Unhandled", result.payload],
    );
  });

  it("refuses the calls that AWS refuses", async () => {
    await rejects(call("POST", "functions/none/invocations", "{}"), code("ResourceNotFoundException"));
    await rejects(call("POST", "functions/orders/invocations", "{"), code("InvalidRequestContentException"));
    await rejects(call("GET", "event-source-mappings/u2"), code("ResourceNotFoundException"));
    await rejects(
      call("PUT", "event-source-mappings/u1", '{"Enabled":"yes"}'),
      code("InvalidParameterValueException"),
    );
    await rejects(call("DELETE", "functions/orders"), code("UnknownOperationException"));
    denied = "lambda:InvokeFunction";
    await rejects(call("POST", "functions/orders/invocations", "{}"), /lambda:InvokeFunction/);
  });

  it("describes a function as AWS does", async () => {
    const { body } = await call("GET", "functions/orders/configuration");
    const { FunctionName, Timeout, Environment } = JSON.parse(body);
    deepStrictEqual([FunctionName, Timeout, Environment], ["orders", 3, { Variables: { A: "1" } }]);
  });

  it("describes the subnets and groups of a function in a VPC", async () => {
    const before = JSON.parse((await call("GET", "functions/orders/configuration")).body);
    strictEqual(before.VpcConfig, undefined);
    place = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"], ipv6: true };
    const { VpcConfig } = JSON.parse((await call("GET", "functions/orders/configuration")).body);
    deepStrictEqual(VpcConfig, {
      SubnetIds: ["subnet-1"],
      SecurityGroupIds: ["sg-1"],
      Ipv6AllowedForDualStack: true,
    });
  });

  it("pauses and resumes a mapping, and saves its state", async () => {
    strictEqual(JSON.parse((await call("GET", "event-source-mappings/u1")).body).State, "Enabled");
    const { status, body } = await call("PUT", "event-source-mappings/u1", '{"Enabled":false}');
    deepStrictEqual([status, JSON.parse(body).State, mapping.enabled], [202, "Disabled", false]);
    deepStrictEqual(saved, [mapping]);
    const shown = JSON.parse((await call("PUT", "event-source-mappings/u1", '{"Enabled":true}')).body);
    deepStrictEqual(
      [shown.State, shown.ScalingConfig, shown.LastProcessingResult],
      ["Enabled", { MaximumConcurrency: 5 }, "OK"],
    );
  });
});
