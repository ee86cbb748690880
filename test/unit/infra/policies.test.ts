import assert from "node:assert/strict";
import type { Statement } from "../../../infra/policies";
import { program } from "../../../infra/program";
import { dataStack, type Graph, run, sharedStacks } from "../../support/pulumi-mocks";

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

describe("policies", function () {
  this.timeout(30_000);
  let graph: Graph;
  before(async () => {
    graph = await run(program, { stacks: sharedStacks });
  });

  const statements = (suffix: string): Statement[] =>
    JSON.parse(graph.one("aws:iam/rolePolicy:RolePolicy", suffix).inputs.policy).Statement;
  const logs = (suffix: string) => ({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${arn("cloudwatch", `nami-orders${suffix}-1`)}:*`,
  });
  const networkInterfaces = {
    Effect: "Allow",
    Action: [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    Resource: "*",
  };

  it("let the pre-queue function send to its queue", () => {
    const send = {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: arn("sqs", "nami-orders-queue-1"),
    };
    assert.deepEqual(statements("-pre-queue"), [send, logs("-pre-queue")]);
  });

  it("let the post-queue function receive from its queue", () => {
    const receive = {
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: arn("sqs", "nami-orders-queue-1"),
    };
    assert.deepEqual(statements("-post-queue"), [receive, logs("-post-queue"), networkInterfaces]);
  });

  it("let the operator function do nothing but stand in the VPC and log", () => {
    assert.deepEqual(statements("-operator"), [logs("-operator"), networkInterfaces]);
  });

  it("let the Mongo host read its password and nothing else", () => {
    assert.deepEqual(statements("-mongo-host"), [
      { Effect: "Allow", Action: ["ssm:GetParameter"], Resource: dataStack.passwordParameterArn },
    ]);
  });

  it("name every action, and every resource but that of network interfaces", () => {
    const all = graph.all("aws:iam/rolePolicy:RolePolicy");
    assert.equal(all.length, 4);
    for (const { name, inputs } of all)
      for (const { Action, Resource } of JSON.parse(inputs.policy).Statement as Statement[]) {
        for (const action of Action) assert.doesNotMatch(action, /\*/, name);
        if (Resource === "*")
          assert.ok(
            Action.every((action) => action.startsWith("ec2:")),
            `${name}: ${Action}`,
          );
        else assert.match(Resource, /^arn:aws:[a-z0-9]+:us-east-1:000000000000:[^*]+(:\*)?$/, name);
      }
  });

  it("let each role be taken on by its one service", () => {
    const services = graph.all("aws:iam/role:Role").map(({ name, inputs }) => {
      const [statement, ...more] = JSON.parse(inputs.assumeRolePolicy).Statement;
      assert.deepEqual(more, []);
      assert.equal(statement.Action, "sts:AssumeRole");
      return [name, statement.Principal.Service];
    });
    assert.deepEqual(Object.fromEntries(services), {
      "nami-orders-pre-queue": "lambda.amazonaws.com",
      "nami-orders-post-queue": "lambda.amazonaws.com",
      "nami-orders-operator": "lambda.amazonaws.com",
      "nami-orders-mongo-host": "ec2.amazonaws.com",
    });
  });
});
