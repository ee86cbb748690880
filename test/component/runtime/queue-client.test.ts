import assert from "node:assert/strict";
import { createServer } from "node:net";
import { createQueueClient, type QueueClient, queueClientFromEnv } from "../../../runtime/queue-client";
import type { QueueError } from "../../../runtime/queue-error";
import { credentials, expectedSignature, fakeSqs, type Reply } from "../../support/fake-sqs";

type Sqs = Awaited<ReturnType<typeof fakeSqs>>;

async function withSqs(
  replies: Reply[],
  use: (client: QueueClient, sqs: Sqs) => Promise<void>,
  limits?: { connect?: number; total?: number },
): Promise<void> {
  const sqs = await fakeSqs(...replies);
  const client = createQueueClient({ queueUrl: sqs.queueUrl, region: "eu-west-1", credentials, limits });
  try {
    await use(client, sqs);
  } finally {
    client.close();
    await sqs.close();
  }
}

const failure = (sending: Promise<void>): Promise<QueueError> =>
  sending.then(
    () => assert.fail("was sent"),
    (error) => error,
  );

describe("the queue client", () => {
  it("sends SendMessage with a signature that fits, on one kept connection", () =>
    withSqs([], async (client, sqs) => {
      await client.send("é\n😀");
      await client.send("two");
      assert.deepEqual(
        sqs.received.map(({ message }) => message),
        ["é\n😀", "two"],
      );
      const [first] = sqs.received;
      assert.equal(first!.queueUrl, sqs.queueUrl);
      assert.equal(first!.headers["x-amz-target"], "AmazonSQS.SendMessage");
      assert.equal(first!.headers["content-type"], "application/x-amz-json-1.0");
      assert.equal(first!.headers["x-amz-security-token"], "token");
      assert.equal(first!.headers.authorization, expectedSignature(first!));
      assert.equal(sqs.connections(), 1);
    }));

  it("sends a message of 1 MiB", () =>
    withSqs([], async (client, sqs) => {
      const message = '"'.repeat(1_048_576);
      await client.send(message);
      assert.equal(sqs.received[0]!.message, message);
    }));

  const again: [string, Reply][] = [
    ["a reset connection", "reset"],
    ["a fault of the service", { status: 500, code: "InternalFailure" }],
    ["throttling", { status: 400, code: "ThrottlingException" }],
    ["an answer for other bytes", "wrong md5"],
  ];
  for (const [what, reply] of again) {
    it(`tries once more after ${what}`, () =>
      withSqs([reply], async (client, sqs) => {
        await client.send("x");
        assert.equal(sqs.received.length, 2);
      }));

    it(`gives up after the second time of ${what}`, () =>
      withSqs([reply, reply], async (client, sqs) => {
        await failure(client.send("x"));
        assert.equal(sqs.received.length, 2);
      }));
  }

  it("does not repeat what AWS refuses, and says why in AWS's words", () =>
    withSqs(
      [{ status: 403, code: "AccessDenied", message: "not authorized to perform: sqs:SendMessage" }],
      async (client, sqs) => {
        const error = await failure(client.send("x"));
        assert.equal(error.code, "AccessDenied");
        assert.match(error.message, /^AccessDenied: not authorized to perform: sqs:SendMessage$/);
        assert.equal(sqs.received.length, 1);
      },
    ));

  it("ends in time when nothing answers", () =>
    withSqs(
      ["silent", "silent"],
      async (client) => {
        const start = performance.now();
        const error = await failure(client.send("x"));
        assert.equal(error.code, "Timeout");
        assert.ok(performance.now() - start < 2000);
      },
      { total: 200 },
    ));

  it("ends by the time that it is given when nothing answers", () =>
    withSqs(["silent", "silent"], async (client) => {
      const start = performance.now();
      await assert.rejects(client.send("x", start + 200), /did not answer/);
      assert.ok(performance.now() - start < 2000);
    }));

  it("says which connection was refused", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    await new Promise((done) => server.close(done));
    const client = createQueueClient({
      queueUrl: `http://127.0.0.1:${port}/0/demo`,
      region: "eu-west-1",
      credentials,
    });
    const error = await failure(client.send("x"));
    assert.equal(error.code, "ECONNREFUSED");
    assert.ok(error.message.includes(String(port)));
  });

  it("takes the endpoint from the environment, the service's own first", async () => {
    const sqs = await fakeSqs();
    const env = {
      NAMI_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/0/demo",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
    };
    const clients = [
      queueClientFromEnv({ ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ENDPOINT_URL_SQS: sqs.url }),
      queueClientFromEnv({ ...env, AWS_ENDPOINT_URL: sqs.url }),
      queueClientFromEnv({ ...env, NAMI_QUEUE_URL: sqs.queueUrl }),
    ];
    for (const client of clients) await client.send("x");
    for (const client of clients) client.close();
    await sqs.close();
    assert.equal(sqs.received.length, 3);
    assert.equal(sqs.received[0]!.queueUrl, env.NAMI_QUEUE_URL);
    assert.throws(() => queueClientFromEnv({ ...env, AWS_REGION: "" }), /AWS_REGION is not set/);
  });
});
