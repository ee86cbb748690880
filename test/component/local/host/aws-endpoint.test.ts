import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { sign } from "aws4";
import { createAwsEndpoint } from "../../../../local/host/aws-endpoint";
import type { Credentials } from "../../../../local/host/services";
import { ATTRIBUTES, type LocalAws, localAws } from "../../../support/local-aws";

const ARN = "arn:aws:sqs:us-east-1:000000000000";

describe("the AWS-compatible endpoints", () => {
  let aws: LocalAws;
  let clients: SQSClient[];

  beforeEach(async () => {
    aws = await localAws();
    clients = [];
    aws.queues.put("q", ATTRIBUTES);
    const principal = {
      Effect: "Allow" as const,
      Action: "sts:AssumeRole",
      Principal: { Service: "lambda.amazonaws.com" },
    };
    aws.iam.putRole("sender", { Statement: [principal] });
    aws.iam.putRolePolicy("sender", "send", {
      Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: `${ARN}:q` }],
    });
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    await aws.close();
  });

  const client = (credentials: Credentials) => {
    const made = new SQSClient({ endpoint: aws.url, region: "us-east-1", credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  const sender = () => client(aws.iam.credentialsFor("sender", "lambda.amazonaws.com", "orders"));
  const url = (name = "q") => `${aws.url}/000000000000/${name}`;
  const post = async (service: string, body: string, headers: Record<string, string> = {}, path = "/") => {
    const request = sign(
      { service, region: "us-east-1", host: new URL(aws.url).host, method: "POST", path, body, headers },
      aws.iam.administrator,
    );
    return fetch(`${aws.url}${path}`, {
      method: "POST",
      body,
      headers: request.headers as Record<string, string>,
    });
  };

  it("let a role do what its policy allows, in a batch too, and nothing else", async () => {
    await sender().send(new SendMessageCommand({ QueueUrl: url(), MessageBody: "x" }));
    const Entries = [{ Id: "a", MessageBody: "y" }];
    await sender().send(new SendMessageBatchCommand({ QueueUrl: url(), Entries }));
    assert.equal(aws.queues.counts("q").visible, 2);
    const denied = (action: string) => ({
      name: /AccessDenied/,
      message: `User: arn:aws:sts::000000000000:assumed-role/sender/orders is not authorized to perform: ${action} on resource: ${ARN}:q because no identity-based policy allows the ${action} action`,
    });
    await assert.rejects(
      sender().send(new ReceiveMessageCommand({ QueueUrl: url() })),
      denied("sqs:ReceiveMessage"),
    );
    await assert.rejects(sender().send(new PurgeQueueCommand({ QueueUrl: url() })), denied("sqs:PurgeQueue"));
    assert.equal(aws.queues.counts("q").visible, 2);
  });

  it("hide whether a queue exists from a caller without permission", async () => {
    const command = new SendMessageCommand({ QueueUrl: url("secret"), MessageBody: "x" });
    await assert.rejects(sender().send(command), { name: /AccessDenied/ });
  });

  it("give the id of the sender with a message", async () => {
    await sender().send(new SendMessageCommand({ QueueUrl: url(), MessageBody: "x" }));
    const admin = client(aws.iam.administrator);
    const command = new ReceiveMessageCommand({ QueueUrl: url(), MessageSystemAttributeNames: ["SenderId"] });
    assert.match(
      (await admin.send(command)).Messages?.[0]?.Attributes?.SenderId ?? "",
      /^AROA[A-Z2-7]{17}:orders$/,
    );
  });

  it("refuse unsigned requests and wrong keys", async () => {
    const response = await fetch(aws.url, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.ListQueues" },
      body: "{}",
    });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /Missing Authentication Token/);
    const wrong = client({ ...aws.iam.administrator, secretAccessKey: "no" });
    await assert.rejects(
      wrong.send(new SendMessageCommand({ QueueUrl: url(), MessageBody: "x" })),
      /signature we calculated/,
    );
  });

  it("name errors as SQS does in both protocols", async () => {
    const headers = { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" };
    const response = await post("sqs", JSON.stringify({ QueueUrl: url("no"), MessageBody: "x" }), headers);
    assert.equal(response.status, 400);
    assert.equal(
      response.headers.get("x-amzn-query-error"),
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
    );
    assert.match(response.headers.get("x-amzn-requestid") ?? "", /^[0-9a-f-]{36}$/);
    const body = (await response.json()) as { __type: string };
    assert.equal(body.__type, "com.amazonaws.sqs#QueueDoesNotExist");
  });

  for (const [title, body, type] of [
    ["no JSON", "{", /SerializationException/],
    ["no object", "[]", /SerializationException/],
    ["no queue", "{}", /MissingRequiredParameter/],
    ["no text", JSON.stringify({ QueueUrl: "http://x/000000000000/q" }), /MissingRequiredParameter/],
  ] as const) {
    it(`refuse a SendMessage with ${title}`, async () => {
      const response = await post("sqs", body, { "x-amz-target": "AmazonSQS.SendMessage" });
      assert.equal(response.status, 400);
      assert.match(await response.text(), type);
    });
  }

  it("name the operation or service that they do not have", async () => {
    const action = await post("sqs", "{}", { "x-amz-target": "AmazonSQS.toString" });
    assert.match(await action.text(), /no SQS action toString/);
    const service = await post("dynamodb", "{}");
    assert.deepEqual([service.status, service.headers.get("x-amzn-errortype")], [404, "UnknownService"]);
  });

  it("show and redrive dead letters", async () => {
    aws.queues.put("dead", ATTRIBUTES);
    const redrive = { deadLetterTargetArn: `${ARN}:dead`, maxReceiveCount: 1 };
    aws.queues.put("q", { ...ATTRIBUTES, visibilityTimeoutSeconds: 0, redrive });
    const admin = client(aws.iam.administrator);
    await admin.send(new SendMessageCommand({ QueueUrl: url(), MessageBody: "x" }));
    for (let i = 0; i < 2; i++) await admin.send(new ReceiveMessageCommand({ QueueUrl: url() }));
    const sources = await admin.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url("dead") }));
    assert.deepEqual(sources.queueUrls, [url()]);
    const dead = new ReceiveMessageCommand({
      QueueUrl: url("dead"),
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ["All"],
    });
    const [message] = (await admin.send(dead)).Messages ?? [];
    assert.equal(message?.Attributes?.DeadLetterQueueSourceArn, `${ARN}:q`);
    await admin.send(new StartMessageMoveTaskCommand({ SourceArn: `${ARN}:dead` }));
    let status: string | undefined;
    for (let i = 0; i < 100 && status !== "COMPLETED"; i++) {
      const { Results } = await admin.send(new ListMessageMoveTasksCommand({ SourceArn: `${ARN}:dead` }));
      status = Results?.[0]?.Status;
    }
    assert.equal(status, "COMPLETED");
    const asked = new GetQueueAttributesCommand({
      QueueUrl: url(),
      AttributeNames: ["ApproximateNumberOfMessages", "RedrivePolicy"],
    });
    assert.deepEqual((await admin.send(asked)).Attributes, {
      ApproximateNumberOfMessages: "1",
      RedrivePolicy: JSON.stringify(redrive),
    });
  });

  it("take no message for a poller that hung up", async () => {
    const gone = new AbortController();
    const poll = client(aws.iam.administrator).send(
      new ReceiveMessageCommand({ QueueUrl: url(), WaitTimeSeconds: 20 }),
      {
        abortSignal: gone.signal,
      },
    );
    setTimeout(() => gone.abort(), 100);
    await assert.rejects(poll);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await aws.queues.send("q", "x");
    assert.deepEqual([aws.queues.counts("q").visible, aws.queues.counts("q").inFlight], [1, 0]);
  });

  it("refuse an invalid receipt handle", async () => {
    const command = new DeleteMessageCommand({ QueueUrl: url(), ReceiptHandle: "nonsense" });
    await assert.rejects(client(aws.iam.administrator).send(command), { name: "ReceiptHandleIsInvalid" });
  });

  it("answer GetCallerIdentity with the identity of the caller", async () => {
    const response = await post("sts", "Action=GetCallerIdentity&Version=2011-06-15", {
      "content-type": "application/x-www-form-urlencoded",
    });
    const text = await response.text();
    assert.match(
      text,
      /<Arn>arn:aws:iam::000000000000:user\/nami<\/Arn><UserId>AIDA[A-Z2-7]{17}<\/UserId><Account>000000000000</,
    );
    assert.match(await (await post("sts", "Action=AssumeRole")).text(), /<Code>InvalidAction<\/Code>/);
  });

  it("keep answering after a handler fails, and report the failure to the host", async () => {
    const bugs: string[] = [];
    const endpoint = createAwsEndpoint({
      iam: aws.iam,
      onError: (error, request) => bugs.push(`${request}: ${error}`),
    });
    endpoint.handle("ssm", async () => assert.fail("a bug"));
    const address = await endpoint.listen(0);
    const call = async () => {
      const options = {
        service: "ssm",
        region: "us-east-1",
        host: new URL(address).host,
        path: "/x",
        body: "{}",
      };
      const { headers } = sign(options, aws.iam.administrator);
      return fetch(`${address}/x`, {
        method: "POST",
        body: "{}",
        headers: headers as Record<string, string>,
      });
    };
    for (let i = 0; i < 2; i++) assert.deepEqual([(await call()).status, bugs.length], [500, i + 1]);
    assert.match(bugs[0]!, /^POST \/x: AssertionError.*a bug/);
    const port = Number(new URL(address).port);
    await assert.rejects(createAwsEndpoint({ iam: aws.iam, onError: assert.fail }).listen(port), {
      code: "AWS_PORT_TAKEN",
    });
    await endpoint.close();
  });

  it("agree with the AWS SDK on paths that hold an ARN", async () => {
    const endpoint = createAwsEndpoint({ iam: aws.iam, onError: assert.fail });
    endpoint.handle("lambda", async ({ url: path, body }) => ({
      status: 200,
      body: JSON.stringify([path, body.toString()]),
    }));
    const lambda = new LambdaClient({
      endpoint: await endpoint.listen(0),
      region: "us-east-1",
      credentials: aws.iam.credentialsFor("sender", "lambda.amazonaws.com"),
    });
    const FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    const command = new InvokeCommand({ FunctionName, Qualifier: "$LATEST", Payload: Buffer.from("{}") });
    const { Payload } = await lambda.send(command);
    const path = `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations?Qualifier=%24LATEST`;
    assert.deepEqual(JSON.parse(Buffer.from(Payload!).toString()), [path, "{}"]);
    lambda.destroy();
    await endpoint.close();
  });

  describe("with a body that nobody may send", () => {
    const MIB = 1024 ** 2;
    /** A POST with this head, of whose body only so much is sent; answers the status, or undefined while there is none. */
    function begin(headers: Record<string, string | number>, sent: Buffer) {
      const socket = connect(Number(new URL(aws.url).port), "127.0.0.1");
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST / HTTP/1.1\r\n${lines.join("")}\r\n`);
      socket.write(sent);
      socket.on("error", () => {});
      const status = new Promise<number>((resolve) => {
        socket.on("data", (answer) => resolve(Number(/^HTTP\/1.1 (\d+)/.exec(String(answer))?.[1])));
        socket.on("close", () => resolve(0));
      });
      return { status, socket };
    }
    const host = () => new URL(aws.url).host;
    const signedHead = (body: string, headers: Record<string, string>, key: { secretAccessKey: string }) =>
      sign(
        {
          service: "sqs",
          region: "us-east-1",
          method: "POST",
          path: "/",
          body,
          headers: { Host: host(), ...headers },
        },
        { ...aws.iam.administrator, ...key },
      ).headers as Record<string, string>;
    const right = () => ({ secretAccessKey: aws.iam.administrator.secretAccessKey });

    it("refuse it by its head alone, whoever signed it wrongly or not at all", async () => {
      const hash = { "X-Amz-Content-Sha256": createHash("sha256").update("else").digest("hex") };
      const unsigned = { Host: host(), "Content-Length": 32 * MIB };
      const forged = { ...signedHead("else", hash, { secretAccessKey: "no" }), "Content-Length": 32 * MIB };
      for (const head of [unsigned, forged]) {
        const { status } = begin(head, Buffer.alloc(MIB, "x"));
        assert.equal(await status, 403);
      }
    });

    it("take more than 8 MiB only of who proves it in the head, and then only what was signed", async () => {
      const long = { "Content-Length": 9 * MIB };
      const unproven = begin({ ...signedHead("x", {}, right()), ...long }, Buffer.alloc(0));
      assert.equal(await unproven.status, 413);
      const body = Buffer.alloc(9 * MIB, "x");
      const hash = (of: Buffer) => ({
        "X-Amz-Content-Sha256": createHash("sha256").update(of).digest("hex"),
      });
      const proven = begin({ ...signedHead("", hash(body), right()), ...long }, body);
      assert.equal(await proven.status, 400, "SQS knows no such action");
      const most = begin(
        { ...signedHead("", hash(body), right()), "Content-Length": 33 * MIB },
        Buffer.alloc(0),
      );
      assert.equal(await most.status, 413);
      const other = begin({ ...signedHead("", hash(Buffer.from("x")), right()), ...long }, body);
      assert.equal(await other.status, 403);
    });

    it("hold no more than 32 MiB of what is not proven, and take the next when it is gone", async () => {
      const head = { ...signedHead("x", {}, right()), "Content-Length": 7 * MIB };
      const all = Array.from({ length: 6 }, () => begin(head, Buffer.alloc(6 * MIB, "x")));
      const first = await Promise.race(all.map(({ status }) => status));
      assert.equal(first, 503);
      for (const { socket } of all) socket.destroy();
      const later = begin(head, Buffer.alloc(7 * MIB, "x"));
      assert.equal(await later.status, 403, "another body than the one that was signed");
    });
  });
});
