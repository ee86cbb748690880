import assert from "node:assert/strict";
import {
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { strToU8, unzipSync, zipSync } from "fflate";
import { adminCredentials } from "../../../../../local/host/client";
import { functionCode, resources, type TestHost, testHost } from "../../../../support/host";
import { Account, functionRole, types } from "../../../../support/network";

const source = (answer: number) => `exports.handler = async () => ${answer}`;
const zip = (text: string) => zipSync({ "index.js": strToU8(text) });

describe("the code of a function that an API call replaced", function () {
  this.timeout(30_000);
  let local: TestHost;
  let client: LambdaClient;
  let role: string;

  const inputs = (answer: number, more = {}) => ({
    name: "orders",
    role,
    code: functionCode(source(answer)),
    handler: "index.handler",
    runtime: "nodejs24.x",
    ...more,
  });
  const connect = () => {
    client = new LambdaClient({
      region: "us-east-1",
      endpoint: local.host.services.awsUrl,
      credentials: adminCredentials(local.home),
      maxAttempts: 1,
    });
  };
  beforeEach(async () => {
    local = await testHost();
    role = await functionRole(new Account(local.home), "role", []);
    await resources(local).create(types.function, "orders", inputs(1));
    connect();
  });
  afterEach(async () => {
    client.destroy();
    await local.remove();
  });

  const invoke = async () => {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: "orders" }));
    return JSON.parse(Buffer.from(Payload!).toString()) as number;
  };
  const update = (ZipFile: Uint8Array) =>
    client.send(new UpdateFunctionCodeCommand({ FunctionName: "orders", ZipFile }));
  const present = async () => {
    const { Code, Configuration } = await client.send(new GetFunctionCommand({ FunctionName: "orders" }));
    const zip = new Uint8Array(await (await fetch(Code!.Location!)).arrayBuffer());
    return { text: Buffer.from(unzipSync(zip)["index.js"]!).toString(), sha256: Configuration!.CodeSha256 };
  };

  it("is the code that GetFunction returns, as it returned the program's before", async () => {
    assert.equal((await present()).text, source(1));
    await update(zip(source(2)));
    assert.equal((await present()).text, source(2));
  });

  it("is run by every invocation from then on", async () => {
    assert.equal(await invoke(), 1);
    const before = (await present()).sha256;
    const { CodeSha256, LastUpdateStatus } = await update(zip(source(2)));
    assert.equal(LastUpdateStatus, "Successful");
    assert.notEqual(CodeSha256, before);
    assert.equal(await invoke(), 2);
    assert.deepEqual(await present(), { text: source(2), sha256: CodeSha256 });
  });

  it("is kept over a restart of the host", async () => {
    await update(zip(source(2)));
    await local.restart();
    client.destroy();
    connect();
    assert.equal(await invoke(), 2);
  });

  it("is replaced by the code of the program at the next update", async () => {
    await update(zip(source(2)));
    await resources(local).update(types.function, "orders", "orders", inputs(3));
    assert.equal(await invoke(), 3);
  });

  it("must be a zip: UpdateFunctionCode refuses everything else", async () => {
    await assert.rejects(update(strToU8("no zip")), { name: "InvalidParameterValueException" });
    await assert.rejects(
      client.send(new UpdateFunctionCodeCommand({ FunctionName: "orders", S3Bucket: "b", S3Key: "k" })),
      { name: "InvalidParameterValueException" },
    );
    assert.equal(await invoke(), 1);
  });

  it("cannot be read or put for a function that does not exist", async () => {
    const gone = new UpdateFunctionCodeCommand({ FunctionName: "gone", ZipFile: zip(source(1)) });
    await assert.rejects(client.send(gone), { name: "ResourceNotFoundException" });
  });

  it("may be read and put only by a role with the permission", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = local.host.services.iam.credentialsFor(
      "role",
      "lambda.amazonaws.com",
    );
    const other = new LambdaClient({
      region: "us-east-1",
      endpoint: local.host.services.awsUrl,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      maxAttempts: 1,
    });
    for (const [command, action] of [
      [new GetFunctionCommand({ FunctionName: "orders" }), "GetFunction"],
      [
        new UpdateFunctionCodeCommand({ FunctionName: "orders", ZipFile: zip(source(9)) }),
        "UpdateFunctionCode",
      ],
    ] as const)
      await assert.rejects(other.send(command as GetFunctionCommand), ({ name, message }: Error) => {
        assert.equal(name, "AccessDeniedException");
        return message.includes(`lambda:${action}`);
      });
  });
});
