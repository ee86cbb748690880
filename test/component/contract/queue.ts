import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export interface QueueSettings {
  visibilityTimeoutSeconds?: number;
  delaySeconds?: number;
  redrive?: { deadLetterQueue: string; maxReceiveCount: number };
}

/** An SQS that the suite is held against. */
export interface QueueBackend {
  client: SQSClient;
  /** Makes a queue and answers its URL. */
  makeQueue(name: string, settings?: QueueSettings): Promise<string>;
  close(): Promise<void>;
}

/** What a backend is known to do otherwise than SQS, and why we think so. */
export type Exceptions = Partial<Record<"above #xFFFF", string>>;

/** What SQS's documentation says of standard queues, through AWS's own client. */
export function queueContract(
  title: string,
  open: () => Promise<QueueBackend>,
  except: Exceptions = {},
): void {
  describe(`SQS standard queue: ${title}`, () => {
    let backend: QueueBackend;
    let made = 0;
    const name = () => `contract-${made++}`;
    const sqs = () => backend.client;

    before(async () => {
      backend = await open();
    });
    after(() => backend?.close());

    const send = (QueueUrl: string, MessageBody: string) =>
      sqs().send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const receive = async (
      QueueUrl: string,
      more: Partial<ReceiveMessageCommandInput> = {},
    ): Promise<Message[]> => {
      const { Messages } = await sqs().send(new ReceiveMessageCommand({ QueueUrl, ...more }));
      return Messages ?? [];
    };
    const count = async (QueueUrl: string) => {
      const { Attributes } = await sqs().send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
      );
      return [
        Attributes?.ApproximateNumberOfMessages,
        Attributes?.ApproximateNumberOfMessagesNotVisible,
        Attributes?.ApproximateNumberOfMessagesDelayed,
      ].map(Number);
    };
    const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

    it("gives back what was sent, with its id, digest and system attributes", async () => {
      const url = await backend.makeQueue(name());
      const body = `{"a":"ü"}\n\ttext`;
      const before = Date.now();
      const sent = await send(url, body);
      const [message] = await receive(url, { MessageSystemAttributeNames: ["All"] });
      assert.equal(message?.Body, body);
      assert.equal(message.MessageId, sent.MessageId);
      assert.equal(message.MD5OfBody, sent.MD5OfMessageBody);
      assert.equal(message.Attributes?.ApproximateReceiveCount, "1");
      assert.ok(message.Attributes.SenderId);
      assert.ok(Number(message.Attributes.SentTimestamp) >= before);
      assert.ok(
        Number(message.Attributes.ApproximateFirstReceiveTimestamp) >=
          Number(message.Attributes.SentTimestamp),
      );
    });

    it("gives no system attributes unless asked", async () => {
      const url = await backend.makeQueue(name());
      await send(url, "x");
      assert.equal((await receive(url))[0]?.Attributes, undefined);
    });

    it("hides a received message until its visibility timeout, then counts the next receive", async () => {
      const url = await backend.makeQueue(name(), { visibilityTimeoutSeconds: 1 });
      await send(url, "x");
      const [first] = await receive(url);
      assert.deepEqual(await receive(url), []);
      assert.deepEqual(await count(url), [0, 1, 0]);
      await later(1050);
      const [second] = await receive(url, { MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
      assert.equal(second?.MessageId, first?.MessageId);
      assert.notEqual(second?.ReceiptHandle, first?.ReceiptHandle);
      assert.equal(second?.Attributes?.ApproximateReceiveCount, "2");
    });

    it("deletes by receipt handle, and accepts the same delete again", async () => {
      const url = await backend.makeQueue(name());
      await send(url, "x");
      const [message] = await receive(url);
      const remove = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
      await sqs().send(remove);
      assert.deepEqual(await count(url), [0, 0, 0]);
      await sqs().send(remove);
    });

    it("accepts a stale receipt handle without deleting the message", async () => {
      const url = await backend.makeQueue(name());
      await send(url, "x");
      const [first] = await receive(url, { VisibilityTimeout: 0 });
      const [second] = await receive(url);
      assert.equal(second?.MessageId, first?.MessageId);
      await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
      assert.deepEqual(await count(url), [0, 1, 0]);
    });

    it("makes a message visible at once with a visibility of 0, and hides it longer with more", async () => {
      const url = await backend.makeQueue(name(), { visibilityTimeoutSeconds: 1 });
      await send(url, "x");
      const [first] = await receive(url);
      const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
        sqs().send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }));
      await change(first?.ReceiptHandle, 0);
      const [second] = await receive(url);
      assert.equal(second?.MessageId, first?.MessageId);
      await change(second?.ReceiptHandle, 60);
      await later(1050);
      assert.deepEqual(await receive(url), []);
      await assert.rejects(change(first?.ReceiptHandle, 10), { name: /MessageNotInflight/ });
    });

    it("moves a message to the dead-letter queue at the receive after maxReceiveCount, and not before", async () => {
      const dead = name();
      const deadUrl = await backend.makeQueue(dead);
      const redrive = { deadLetterQueue: dead, maxReceiveCount: 5 };
      const url = await backend.makeQueue(name(), { visibilityTimeoutSeconds: 0, redrive });
      const { MessageId } = await send(url, "poison");
      for (let receives = 1; receives <= 5; receives++) {
        const [message] = await receive(url, { MessageSystemAttributeNames: ["All"] });
        assert.equal(message?.Attributes?.ApproximateReceiveCount, String(receives));
      }
      assert.deepEqual(await receive(deadUrl), []);
      assert.deepEqual(await receive(url), []);
      const [moved] = await receive(deadUrl, { MessageSystemAttributeNames: ["All"] });
      assert.equal(moved?.MessageId, MessageId);
      assert.equal(moved?.Body, "poison");
      assert.deepEqual(await count(url), [0, 0, 0]);
    });

    it("wakes a long poll at a send", async () => {
      const url = await backend.makeQueue(name());
      const poll = receive(url, { WaitTimeSeconds: 5 });
      await later(100);
      const start = Date.now();
      await send(url, "x");
      assert.equal((await poll).length, 1);
      assert.ok(Date.now() - start < 1000);
    });

    it("ends a long poll without a message after its time", async () => {
      const url = await backend.makeQueue(name());
      const start = Date.now();
      assert.deepEqual(await receive(url, { WaitTimeSeconds: 1 }), []);
      assert.ok(Date.now() - start >= 990);
    });

    it("keeps a delayed message back", async () => {
      const url = await backend.makeQueue(name());
      await sqs().send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x", DelaySeconds: 1 }));
      assert.deepEqual(await receive(url), []);
      assert.deepEqual(await count(url), [0, 0, 1]);
      await later(1050);
      assert.equal((await receive(url)).length, 1);
    });

    it("takes 1 MiB and refuses a byte more", async () => {
      const url = await backend.makeQueue(name());
      await send(url, "x".repeat(1_048_576));
      await assert.rejects(send(url, "x".repeat(1_048_577)), /must be shorter than 1048576 bytes/);
    });

    it("refuses characters that XML does not know", async () => {
      const url = await backend.makeQueue(name());
      await assert.rejects(send(url, "a\u0000b"), { name: /InvalidMessageContents$/ });
      await assert.rejects(send(url, "a\uFFFFb"), { name: /InvalidMessageContents$/ });
      await send(url, "\t\n\r \uFFFD");
    });

    if (!("above #xFFFF" in except)) {
      it("takes characters above #xFFFF", async () => {
        const url = await backend.makeQueue(name());
        await send(url, "\u{10000} 😀 \u{10FFFF}");
        assert.equal((await receive(url))[0]?.Body, "\u{10000} 😀 \u{10FFFF}");
      });
    }

    it("sends and deletes in batches, entry by entry", async () => {
      const url = await backend.makeQueue(name());
      const Entries = ["a", "b\u0001", "c"].map((MessageBody, i) => ({ Id: `id-${i}`, MessageBody }));
      const sent = await sqs().send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      assert.deepEqual(
        sent.Successful?.map((entry) => entry.Id),
        ["id-0", "id-2"],
      );
      assert.deepEqual(
        sent.Failed?.map((entry) => [entry.Id, entry.SenderFault]),
        [["id-1", true]],
      );
      const messages = await receive(url, { MaxNumberOfMessages: 10 });
      assert.deepEqual(messages.map((message) => message.Body).sort(), ["a", "c"]);
      const removals = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      const removed = await sqs().send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: removals }));
      assert.equal(removed.Successful?.length, 2);
      assert.deepEqual(await count(url), [0, 0, 0]);
    });

    it("refuses batches that are empty, too long, or name an entry twice", async () => {
      const url = await backend.makeQueue(name());
      const batch = (ids: string[]) => {
        const Entries = ids.map((Id) => ({ Id, MessageBody: "x" }));
        return sqs().send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      };
      await assert.rejects(batch([]), { name: /EmptyBatchRequest/ });
      await assert.rejects(batch(["a", "a"]), { name: /BatchEntryIdsNotDistinct/ });
      await assert.rejects(batch([..."abcdefghijk"]), { name: /TooManyEntriesInBatchRequest/ });
    });

    it("carries message attributes and digests them as AWS does", async () => {
      const url = await backend.makeQueue(name());
      const MessageAttributes = {
        kind: { DataType: "String", StringValue: "ü" },
        raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
        size: { DataType: "Number", StringValue: "12" },
      };
      const sent = await sqs().send(
        new SendMessageCommand({ QueueUrl: url, MessageBody: "x", MessageAttributes }),
      );
      assert.equal(sent.MD5OfMessageAttributes, "7674cf6edb1c49c545cbd4f321a403b0");
      const [message] = await receive(url, { MessageAttributeNames: ["All"] });
      assert.equal(message?.MessageAttributes?.kind?.StringValue, "ü");
      assert.deepEqual([...(message?.MessageAttributes?.raw?.BinaryValue ?? [])], [0, 255]);
      assert.equal(message?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    });

    it("finds queues by name and lists them", async () => {
      const queue = name();
      const url = await backend.makeQueue(queue);
      assert.equal((await sqs().send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl, url);
      const { QueueUrls } = await sqs().send(new ListQueuesCommand({ QueueNamePrefix: queue }));
      assert.ok(QueueUrls?.includes(url));
    });

    it("says when there is no such queue", async () => {
      const url = await backend.makeQueue(name());
      const same = (error: Error & { $metadata: { httpStatusCode?: number } }) => {
        assert.match(error.name, /QueueDoesNotExist/);
        assert.equal(error.$metadata.httpStatusCode, 400);
        return true;
      };
      await assert.rejects(send(`${url}-not`, "x"), same);
      await assert.rejects(sqs().send(new GetQueueUrlCommand({ QueueName: "not-there" })), same);
    });

    it("refuses numbers out of range", async () => {
      const url = await backend.makeQueue(name());
      await assert.rejects(receive(url, { MaxNumberOfMessages: 11 }), /between 1 and 10/);
      await assert.rejects(receive(url, { WaitTimeSeconds: 21 }), /WaitTimeSeconds is invalid/);
      await assert.rejects(receive(url, { VisibilityTimeout: 43_201 }), /between 0 and 43200/);
    });

    it("purges a queue of all its messages", async () => {
      const url = await backend.makeQueue(name());
      await Promise.all(["a", "b", "c"].map((body) => send(url, body)));
      await receive(url);
      await sqs().send(new PurgeQueueCommand({ QueueUrl: url }));
      assert.deepEqual(await count(url), [0, 0, 0]);
    });
  });
}
