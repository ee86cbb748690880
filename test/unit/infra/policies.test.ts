import assert from "node:assert/strict";
import type { Statement } from "../../../infra/policies";
import { dataGraph, pipelineGraph } from "../../support/program-runs";
import { dataStack, type Graph } from "../../support/pulumi-mocks";

const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

describe("policies", () => {
  let graph: Graph;
  before(async () => {
    graph = await pipelineGraph();
  });

  const statements = (suffix: string): Statement[] =>
    JSON.parse(graph.one("aws:iam/rolePolicy:RolePolicy", suffix).inputs.policy).Statement;
  const logs = (suffix: string) => ({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${arn("cloudwatch", `nami-orders${suffix}-1`)}:*`,
  });
  const allow = (Resource: string | string[], ...Action: string[]) => ({ Effect: "Allow", Action, Resource });
  const all = "arn:aws:ec2:us-east-1:000000000000:*/*";
  const networkInterfaces = [
    allow("*", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
    allow([all, "arn:aws:ec2:us-east-1:*:subnet/*"], "ec2:CreateNetworkInterface"),
    allow(
      all,
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ),
  ];

  it("policies let the pre-queue function send to its queue", () => {
    const send = {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: arn("sqs", "nami-orders-queue-1"),
    };
    assert.deepEqual(statements("-pre-queue"), [send, logs("-pre-queue")]);
  });

  it("policies let the post-queue function receive from its queue", () => {
    const receive = {
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: arn("sqs", "nami-orders-queue-1"),
    };
    assert.deepEqual(statements("-post-queue"), [receive, logs("-post-queue")]);
  });

  it("policies let the operator function do nothing but log", () => {
    assert.deepEqual(statements("-operator"), [logs("-operator")]);
  });

  it("policies let the functions that reach MongoDB manage their network interfaces, by a policy that is deleted after them", () => {
    for (const name of ["-post-queue-network", "-operator-network"])
      assert.deepEqual(statements(name), networkInterfaces);
  });

  it("policies let the Mongo host read its password and nothing else", () => {
    assert.deepEqual(statements("-mongo-host"), [
      { Effect: "Allow", Action: ["ssm:GetParameter"], Resource: dataStack.passwordParameterArn },
    ]);
  });

  it("policies let the watchdog ask the operator, switch the one mapping, and record why", () => {
    assert.deepEqual(statements("-watchdog"), [
      {
        Effect: "Allow",
        Action: ["lambda:InvokeFunction"],
        Resource: arn("lambda", "nami-orders-operator-1"),
      },
      {
        Effect: "Allow",
        Action: ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"],
        Resource: arn("lambda", "nami-orders-mapping-1"),
      },
      {
        Effect: "Allow",
        Action: ["ssm:GetParameter", "ssm:PutParameter"],
        Resource: arn("ssm", "nami-orders-pause-1"),
      },
      logs("-watchdog"),
    ]);
  });

  it("policies let CloudWatch write to the topic about the alarms of this name alone", () => {
    const { policy } = graph.one("aws:sns/topicPolicy:TopicPolicy").inputs;
    assert.deepEqual(JSON.parse(policy).Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: arn("sns", "nami-orders-alarms-1"),
        Condition: {
          ArnLike: { "aws:SourceArn": arn("cloudwatch", "alarm:nami-orders-*") },
          StringEquals: { "aws:SourceAccount": "000000000000" },
        },
      },
    ]);
  });

  /** Actions that AWS gives no resource to name, by the service authorization reference of EC2. */
  const WITHOUT_RESOURCE = [
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeInstances",
    "ec2:DescribeSnapshots",
  ];

  /** Network interfaces that are not there yet. */
  const interfaces = networkInterfaces.slice(1).flatMap(({ Resource }) => Resource);

  it("policies name every action, and every resource that AWS lets be named", async () => {
    const data = await dataGraph({ config: { "nami:snapshots": "7" } });
    const all = [graph, data].flatMap((each) => each.all("aws:iam/rolePolicy:RolePolicy"));
    assert.equal(all.length, 8);
    for (const { name, inputs } of all)
      for (const { Action, Resource } of JSON.parse(inputs.policy).Statement as Statement[]) {
        for (const action of Action) assert.doesNotMatch(action, /\*/, name);
        for (const resource of [Resource].flat()) {
          if (resource === "*")
            assert.deepEqual(
              Action.filter((action) => !WITHOUT_RESOURCE.includes(action)),
              [],
              name,
            );
          else if (!interfaces.includes(resource))
            // A snapshot is not there yet; a log group's streams neither.
            assert.match(
              resource,
              /^arn:aws:[a-z0-9]+:us-east-1:(000000000000:[^*]+(:\*)?|:snapshot\/\*)$/,
              name,
            );
        }
      }
  });

  it("each role can be assumed by its one service alone", () => {
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
      "nami-orders-watchdog": "lambda.amazonaws.com",
      "nami-orders-mongo-host": "ec2.amazonaws.com",
    });
  });
});
