import assert from "node:assert/strict";
import { dataProgram } from "../../../infra/data-program";
import { gatewayProgram } from "../../../infra/gateway-program";
import { version } from "../../../infra/version";
import { run } from "../../support/pulumi-mocks";

describe("gateway program", () => {
  const options = { project: "nami-gateway", stack: "local-us-east-1" };
  const tags = { "nami:name": "local-us-east-1", "nami:resource": "nami-gateway", "nami:version": version };

  it("makes one HTTP API with a $default stage that logs every request", async () => {
    const graph = await run(gatewayProgram, options);
    const api = graph.one("aws:apigatewayv2/api:Api");
    assert.equal(api.inputs.protocolType, "HTTP");
    assert.deepEqual(api.inputs.tags, tags);
    const group = graph.one("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group.inputs.name, "/aws/vendedlogs/apis/nami-gateway-local-us-east-1");
    assert.equal(group.inputs.retentionInDays, 14);
    const stage = graph.one("aws:apigatewayv2/stage:Stage").inputs;
    assert.equal(stage.apiId, "nami-gateway-1");
    assert.equal(stage.name, "$default");
    assert.equal(stage.autoDeploy, true);
    assert.match(stage.accessLogSettings.destinationArn, /nami-gateway-access/);
    assert.ok(stage.accessLogSettings.format.length < 3072, "AWS allows 3 KB");
    assert.equal(JSON.parse(stage.accessLogSettings.format).status, "$context.status");
  });

  it("answers what a name's program needs of it", async () => {
    const { outputs } = await run(gatewayProgram, options);
    assert.deepEqual(Object.keys(outputs), ["apiId", "apiEndpoint", "executionArn"]);
    assert.equal(outputs.apiId, "nami-gateway-1");
  });

  it("stops before the first resource when the account is not its target's", async () => {
    await assert.rejects(
      run(gatewayProgram, { ...options, accountId: "123456789012" }),
      /target local, but the credentials are those of the AWS account 123456789012/,
    );
    await assert.rejects(
      run(gatewayProgram, { ...options, config: { "nami:target": "aws" } }),
      /target aws, but the credentials are those of the local target/,
    );
  });
});

describe("data program", () => {
  const options = { project: "nami-data", stack: "orders" };

  it("makes an encrypted volume where the host's instance type is offered", async () => {
    const graph = await run(dataProgram, options);
    const { inputs } = graph.one("aws:ebs/volume:Volume");
    assert.equal(
      inputs.availabilityZone,
      "us-east-1a",
      "the first zone by name, whatever the order of the answer",
    );
    assert.equal(inputs.type, "gp3");
    assert.equal(inputs.encrypted, true);
    assert.equal(inputs.size, 20);
    assert.deepEqual(inputs.tags, {
      Name: "nami-orders-mongo",
      "nami:name": "orders",
      "nami:resource": "nami-orders-mongo",
      "nami:version": version,
    });
  });

  it("generates the password as a secret, a new one offered at every run", async () => {
    const [first, second] = [await run(dataProgram, options), await run(dataProgram, options)];
    const [one, other] = [first, second].map((graph) => graph.one("aws:ssm/parameter:Parameter"));
    assert.equal(one!.inputs.type, "SecureString");
    assert.match(one!.inputs.value, /^[0-9a-f]{64}$/);
    assert.notEqual(one!.inputs.value, other!.inputs.value);
    assert.deepEqual(one!.secrets, ["value"]);
  });

  it("answers volume, zone and the way to the password", async () => {
    const { outputs } = await run(dataProgram, options);
    assert.equal(outputs.volumeId, "nami-orders-mongo-1");
    assert.equal(outputs.availabilityZone, "us-east-1a");
    assert.equal(outputs.passwordParameter, "nami-orders-mongo-password-1");
    assert.match(outputs.passwordParameterArn, /^arn:aws:ssm:/);
    assert.match(outputs.password, /^[0-9a-f]{64}$/);
  });
});
